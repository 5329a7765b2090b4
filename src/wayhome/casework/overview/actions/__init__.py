"""What is done across all the rooms, each an event."""
