"""Rescued children: who each is, as far as anybody says so; nothing here is overwritten."""
