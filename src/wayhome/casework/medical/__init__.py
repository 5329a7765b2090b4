"""What a nurse and a doctor see and do."""
