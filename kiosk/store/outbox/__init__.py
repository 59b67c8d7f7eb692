"""Messages on their way, as rows: queued, claimed, settled, decided about."""
