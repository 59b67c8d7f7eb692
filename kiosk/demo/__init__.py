"""What training mode and the tests start: a real FHIR server on this machine, made-up children."""
