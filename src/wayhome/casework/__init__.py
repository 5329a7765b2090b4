"""The casework around a rescued child, in layers; each app has `rules`, `models`, `queries`, `actions`."""
