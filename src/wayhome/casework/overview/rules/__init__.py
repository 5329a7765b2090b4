"""What leaves the house: lists, and what is announced. Pure."""
