"""Families who look for a child: their tracing requests, their pedigrees, and what they agreed to."""
