"""`digest admin`: the work of whoever looks after the program."""

from __future__ import annotations

import click

from digest.cli.lazy import LazyGroup
from digest.wording import _

COMMANDS = {
    "export": "digest.cli.exchange:export",
    "import": "digest.cli.exchange:import_",
    "retag": "digest.cli.upkeep:retag",
    "reindex": "digest.cli.upkeep:reindex",
    "reextract": "digest.cli.upkeep:reextract",
    "takedown": "digest.cli.upkeep:takedown",
    "move": "digest.cli.move:move",
    "verify": "digest.cli.backup:verify",
    "backup": "digest.cli.backup:backup",
    "restore": "digest.cli.backup:restore",
    "suppress": "digest.cli.suppress:suppress",
    "forget": "digest.cli.suppress:forget",
    "bounces": "digest.cli.suppress:bounces",
    "topics": "digest.cli.topics:topics",
    "searches": "digest.cli.searches:searches",
    "schedule": "digest.cli.schedule:schedule",
    "user": "digest.cli.user:user",
}


@click.group("admin", cls=LazyGroup, commands_at=COMMANDS, help=_("Việc của người trông coi máy"))
def admin() -> None:
    """A group only."""
