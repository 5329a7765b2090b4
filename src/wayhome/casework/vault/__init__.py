"""Keys for what is sealed: one for each person, wrapped by the house's, gone when the person wants it."""
