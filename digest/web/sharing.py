"""Connections shared out between the processes that serve on the same sockets.

A process that is awake takes all that wait before another wakes up: sixteen connections of one moment may
all end up with one process, and every answer then takes twice as long while a core stands idle.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, MutableSequence, Sequence
from typing import Any

from waitress.adjustments import Adjustments
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

PAUSE = 0.002
"""Seconds that a process with more connections than another leaves a new one to that other."""

Counts = MutableSequence[int]
"""How many connections each process has open; shared between them."""


def server(
    app: Callable[..., Any],
    sockets: Sequence[socket.socket],
    options: dict[str, Any],
    counts: Counts,
    mine: int,
) -> MultiSocketServer:
    """waitress over listening sockets, `mine` being this process's place in the counts."""
    adjusted = Adjustments(sockets=list(sockets), **options)
    tasks = ThreadedTaskDispatcher()
    tasks.set_thread_count(adjusted.threads)
    everything: dict[int, Any] = {}
    heard = [
        Sharing(app, everything, True, one, dispatcher=tasks, adj=adjusted, bind_socket=False,
                sockinfo=(one.family, one.type, one.proto, one.getsockname()))
        for one in sockets
    ]  # fmt: skip
    for one in heard:
        one.share(heard, counts, mine)
    names = [(one.effective_host, one.effective_port) for one in heard]
    return MultiSocketServer(everything, adjusted, names, tasks, heard[-1].log_info)


class Sharing(TcpWSGIServer):  # type: ignore[misc]  # waitress has no types
    """Listens on one socket; leaves new connections to processes that have fewer."""

    def share(self, heard: Sequence[Sharing], counts: Counts, mine: int) -> None:
        """Tells which counts to mind, and which sockets this process hears."""
        self._heard, self._counts, self._mine = heard, counts, mine
        counts[mine] = 0

    def readable(self) -> bool:
        """Asked in every round of the loop: the count is as the round before left it."""
        self._count()
        return bool(super().readable())

    def _count(self) -> None:
        self._counts[self._mine] = sum(len(one.active_channels) for one in self._heard)

    def handle_accept(self) -> None:
        """Takes the next connection that waits, unless another process took it in the pause."""
        if self._counts[self._mine] > min(self._counts):
            time.sleep(PAUSE)
        super().handle_accept()
        self._count()
