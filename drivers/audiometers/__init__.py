"""Audiometers with a documented cable, one device a file."""
