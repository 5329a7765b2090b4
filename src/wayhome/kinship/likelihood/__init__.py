"""Exact likelihoods of pedigrees."""
