"""Files as an actor may know them, whether a release stands, what is due, and what a family may know."""
