"""Fixtures of the journal tests: the FHIR server."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from conftest_fhir import fhir_children, fhir_server, fhir_url

__all__ = ["fhir_children", "fhir_server", "fhir_url"]
