"""What is signed and sealed between two houses, when it is taken, and what may be asked. Pure."""
