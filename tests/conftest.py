"""What holds for every test."""

from hypothesis import settings

# A machine that is busy with something else is slow, and no property fails for it.
settings.register_profile("any-machine", deadline=None)
settings.load_profile("any-machine")
