"""Settings of the running house."""
