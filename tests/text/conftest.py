"""Property tests may be slow on a busy machine: what must be quick has tests of its own."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
