"""What every app of the casework stands on: errors, identity keys, guards in the database, locking, idempotency."""
