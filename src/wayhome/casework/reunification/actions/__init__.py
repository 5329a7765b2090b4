"""What people do with a file, and what stops a return by itself."""
