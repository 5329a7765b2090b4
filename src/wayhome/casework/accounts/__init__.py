"""Agencies, places, staff and what each may do: the registers that every gate reads."""
