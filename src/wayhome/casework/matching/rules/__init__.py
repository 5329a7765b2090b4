"""What decides on a candidate. Pure."""
