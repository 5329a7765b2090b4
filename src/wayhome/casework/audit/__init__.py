"""What happened, who did it, who looked: append-only, hash-chained per jurisdiction; and alarms."""
