"""Across everything: what a number is of, and lists that leave the house."""
