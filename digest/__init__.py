"""digest: periodic, selective bulletins out of official Vietnamese outlets."""

__version__ = "0.1.0"
