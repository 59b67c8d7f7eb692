"""The guided first set-up, one step a file."""
