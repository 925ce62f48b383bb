"""Collecting: what to fetch (plan), fetching it, reading it, and keeping it, each on its own."""
