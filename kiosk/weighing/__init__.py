"""What may be taken from a device, and whether a number is likely. Pure."""
