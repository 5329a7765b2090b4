"""What is on its way between two houses, and what waits for whom."""
