"""What a likelihood ratio is worth: posteriors, exact error rates, thresholds, what to do next."""
