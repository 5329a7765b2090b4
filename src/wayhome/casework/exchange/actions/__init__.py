"""What is written to partners' houses, and taken from them."""
