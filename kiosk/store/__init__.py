"""The encrypted, durable store with its one writer."""
