"""Questions to candidates, and to what the search compares."""
