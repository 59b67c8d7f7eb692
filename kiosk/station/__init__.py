"""The composition root: everything wired into one station."""
