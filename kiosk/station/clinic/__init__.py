"""The clinic's own database, as a station knows it."""
