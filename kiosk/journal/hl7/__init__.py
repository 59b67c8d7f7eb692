"""The way into a journal over HL7 v2."""
