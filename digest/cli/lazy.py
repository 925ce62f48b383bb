"""Commands that are imported when they are called, so that `digest search` need not load the collector."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

WORDS = "digest.words"  # in a context's meta: the command's words so far


class LazyGroup(click.Group):
    """A click group whose commands stand at "module:name"."""

    def __init__(self, *args: Any, commands_at: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commands_at = dict(commands_at or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of a week's work, not of the alphabet."""
        return list(self.commands_at) + super().list_commands(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it; the words of the command are kept for the log, which must not see arguments."""
        found = super().resolve_command(ctx, args)
        ctx.meta[WORDS] = (*ctx.meta.get(WORDS, ()), *([found[0]] if found[0] else []))
        return found

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the command's module."""
        if cmd_name not in self.commands_at:
            return super().get_command(ctx, cmd_name)
        module, _sep, name = self.commands_at[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command
