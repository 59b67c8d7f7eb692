"""The database itself: opened, encrypted, written by one, copied and brought back."""
