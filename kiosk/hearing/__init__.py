"""Hearing tests: what was found, the protocols they follow, and what a protocol makes of them."""
