"""What the search does, and what people decide on what it found."""
