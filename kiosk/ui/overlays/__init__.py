"""What lies over a page, one module a feature, and the one switch to it."""
