"""Pedigrees, families, relationships, gene dropping."""
