"""Loci, profiles, allele frequencies, mutation."""
