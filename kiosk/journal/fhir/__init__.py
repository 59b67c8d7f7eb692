"""The way into a journal over FHIR R4."""
