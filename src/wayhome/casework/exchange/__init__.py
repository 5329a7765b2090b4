"""Messages between this house and partners': signed, bound to a case, taken once."""
