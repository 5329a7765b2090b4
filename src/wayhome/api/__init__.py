"""The REST face: it turns a request into one action or query, and the answer back. It decides nothing."""
