"""A pedigree as a picture: who stands where, which lines join them, and the SVG."""
