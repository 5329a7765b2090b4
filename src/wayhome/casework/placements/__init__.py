"""A place for every child tonight: what homes can take, who goes where, and what is missing."""
