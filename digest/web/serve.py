"""Serving with waitress: threads, limits on bodies and slow clients, and one process a core sharing the port."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnContext
from typing import Any

import click

from digest import logs
from digest.errors import DigestError, UsageError
from digest.search.find import Request, search
from digest.web import sharing
from digest.web.app import LARGEST_BODY, create_app
from digest.web.sharing import Counts
from digest.web.shelf import Shelf
from digest.wording import _
from digest.workspace import Workspace

log = logging.getLogger("digest.web")
THREADS = 4  # of one process: more would only share its interpreter, and the slowest answers wait longer
SLOW = 30  # seconds a client may stay silent before its connection is closed
CONNECTIONS = 400
MOST_PROCESSES = 4
SHORTEST, LONGEST = 0.5, 30.0  # seconds before one that died is started again
WAITING = 128  # connections that may wait to be accepted


def processes() -> int:
    """How many processes serve if nobody says: one a core, since Python runs on one core a process."""
    return 1 if os.name == "nt" else min(MOST_PROCESSES, os.cpu_count() or 1)


def serve(
    workspace: Workspace,
    host: str = "127.0.0.1",
    port: int = 8000,
    desk: bool = False,
    workers: int | None = None,
) -> None:
    """Serves until it is stopped; says on standard error where to look."""
    sockets = listening(host, port)
    url = f"http://{f'[{host}]' if ':' in host else host}:{sockets[0].getsockname()[1]}/"
    spawn, stop = multiprocessing.get_context("spawn"), threading.Event()
    # systemd and containers stop a program so: as with Ctrl+C, what is being answered or sent is finished,
    # and the first process of a container would not stop at all without a handler.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # What the desk sends is sent by a thread of the process asked: it must not be one that may be ended.
    count = 1 if desk else workers or processes()
    if count > 1 and os.name != "nt":
        resource_tracker.ensure_running()  # its starting undoes what the thread has blocked, see _keep
    counts = spawn.RawArray("i", count)
    beside = [
        threading.Thread(
            target=_keep, args=(spawn, (workspace, sockets, desk, counts, number), stop), daemon=True
        )
        for number in range(1, count)
    ]
    for keeper in beside:
        keeper.start()
    try:
        with contextlib.suppress(KeyboardInterrupt):  # before waitress minds it
            click.echo(_("Đang mở tại {url} (dừng: Ctrl+C)", url=url), err=True)
            if desk:
                click.echo(_("Bàn biên tập: {url}", url=f"{url}bien-tap/"), err=True)
            _run(workspace, sockets, desk, counts, 0)
    finally:
        stop.set()
        _end(beside)


def _end(beside: list[threading.Thread]) -> None:
    """Ends the other processes and waits for them: one whose first went while it starts would say a fault."""
    for keeper in beside:
        while keeper.is_alive():
            for one in multiprocessing.active_children():
                one.terminate()
            keeper.join(SHORTEST / 5)


def listening(host: str, port: int) -> list[socket.socket]:
    """A listening socket for every address of the host; UsageError where none can be had."""
    made: list[socket.socket] = []
    try:
        for family, kind, proto, _name, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            one = socket.socket(family, kind, proto)
            made.append(one)
            if os.name != "nt":  # there it would let two programs have one port
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(address)
            one.listen(WAITING)
    except OSError as error:
        for one in made:
            one.close()
        raise UsageError(
            _(
                "Không mở được cổng {port} ở {host}: {said}",
                port=port,
                host=host,
                said=error.strerror or error,
            ),
            fix=_("Chọn cổng khác, như --port 8001, hoặc tắt chương trình đang dùng cổng ấy"),
        ) from error
    return made


def _run(workspace: Workspace, sockets: list[socket.socket], desk: bool, counts: Counts, number: int) -> None:
    """Serves on these sockets until this process, the `number`th of all, is stopped."""
    if not logs.begin(workspace):  # each process opens the log by itself
        logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # waiting a moment is no fault
    app = create_app(workspace, desk=desk)
    server = sharing.server(app, sockets, limits(), counts, number)
    threading.Thread(target=_warm, args=(app.extensions["digest"],), daemon=True).start()
    try:
        server.run()
    finally:
        server.close()
        app.extensions["digest"].close()


def _warm(here: Shelf) -> None:
    """Opens archive and index before the first reader asks; what is amiss with them the pages say."""
    with contextlib.suppress(DigestError):
        search(here.archive, here.workspace.index_dir, Request("bản tin", limit=1))


def limits() -> dict[str, Any]:
    """What one process bears."""
    return {
        "threads": THREADS,
        "channel_timeout": SLOW,
        "cleanup_interval": 10,
        "connection_limit": CONNECTIONS,
        "backlog": WAITING,
        "max_request_body_size": LARGEST_BODY,
        "max_request_header_size": 32_768,
        "ident": None,
        "clear_untrusted_proxy_headers": False,  # digest.web.guards decides whom to believe
    }


def _keep(
    spawn: SpawnContext,
    given: tuple[Workspace, list[socket.socket], bool, Counts, int],
    stop: threading.Event,
) -> None:
    """Another process beside the first, started again should it die."""
    if os.name != "nt":
        # Ctrl+C reaches all processes, and one that is still starting would tell it as a fault. A process has
        # from its beginning what its starter's thread has blocked; it is the first that ends the others.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    pause = SHORTEST
    while not stop.is_set():
        began = time.monotonic()
        one = spawn.Process(target=_beside, args=given, daemon=True)
        one.start()
        one.join()
        # One that dies as soon as it is started is not started over and over without a rest.
        pause = SHORTEST if time.monotonic() - began > LONGEST else min(2 * pause, LONGEST)
        if not stop.wait(pause):
            log.warning("a serving process ended with %s; another is started", one.exitcode)


def _beside(
    workspace: Workspace, sockets: list[socket.socket], desk: bool, counts: Counts, number: int
) -> None:
    """One of the other processes; it ends with the first, however that ended."""
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):  # Windows blocks no signals
        _run(workspace, sockets, desk, counts, number)


def _end_with(first: Any) -> None:
    first.join()
    os._exit(0)  # nothing is half done here that could be lost: what is written is written in transactions
