"""The one strict configuration file."""
