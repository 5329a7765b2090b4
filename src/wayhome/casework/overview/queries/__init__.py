"""What can be asked across all the rooms."""
