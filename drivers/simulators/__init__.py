"""Simulated devices for demo, training and tests. Never imported by the running station."""
