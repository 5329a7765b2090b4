"""What can happen to a kit, and what is looked at in a profile. Pure."""
