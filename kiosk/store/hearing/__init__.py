"""Hearing tests and the follow-up list, as rows."""
