"""Who a rescued child may belong to: what the search compares, what it found, who read it, and what was confirmed."""
