"""Visits, and what became of them, as rows."""
