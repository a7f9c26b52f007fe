"""Figures taken in one run, printed as small tables. Nothing here is imported by the product."""
