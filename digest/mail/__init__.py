"""Sending approved editions to a center's own recipients, each once, with nobody watched."""
