"""Keys for what is sealed: one for each profile, wrapped by the house's, gone when its person wants it."""
