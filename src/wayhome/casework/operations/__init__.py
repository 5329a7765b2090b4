"""What came before a rescue, as far as a rescue needs it: the operation, its sites, and the adults around it."""
