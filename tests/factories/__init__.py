"""Made-up agencies, people and children for tests."""
