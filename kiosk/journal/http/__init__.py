"""One HTTP exchange under a deadline, and the certificates of both sides."""
