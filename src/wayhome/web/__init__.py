"""The pages: they translate a request into one call of the casework, and the answer into a sentence."""
