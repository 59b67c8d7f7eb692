"""Hearing tests at the desk."""
