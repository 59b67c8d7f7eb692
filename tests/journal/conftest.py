"""Fixtures of the journal tests: the FHIR server."""

from tests.conftest_fhir import fhir_children, fhir_server, fhir_url

__all__ = ["fhir_children", "fhir_server", "fhir_url"]
