"""The way into a journal over files in a folder."""
