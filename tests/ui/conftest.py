"""What several tests of the screen stand at."""

from tests.ui.hands import start

__all__ = ["start"]
