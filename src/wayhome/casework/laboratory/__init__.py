"""Samples and what they showed: kits from hand to hand, laboratories' files, profiles. Relatives' profiles live apart."""
