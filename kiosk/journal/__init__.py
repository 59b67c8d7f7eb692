"""The way to the journal system: mapping, clients and the outbox sender."""
