"""Serving with waitress: one process, threads, limits on bodies and slow clients; the same on Windows."""

from __future__ import annotations

import logging

import click
import waitress

from digest.web.app import LARGEST_BODY, create_app
from digest.wording import _
from digest.workspace import Workspace

THREADS = 8
SLOW = 30  # seconds a client may stay silent before its connection is closed
CONNECTIONS = 400


def serve(workspace: Workspace, host: str = "127.0.0.1", port: int = 8000, desk: bool = False) -> None:
    """Serves until it is stopped; says on standard error where to look."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # waiting a moment is no fault
    app = create_app(workspace, desk=desk)
    server = waitress.create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        channel_timeout=SLOW,
        cleanup_interval=10,
        connection_limit=CONNECTIONS,
        max_request_body_size=LARGEST_BODY,
        max_request_header_size=32_768,
        ident=None,
        clear_untrusted_proxy_headers=False,  # digest.web.guards decides whom to believe
    )
    shown = f"[{host}]" if ":" in host else host
    port = getattr(server, "effective_port", port)
    click.echo(_("Đang mở tại {url} (dừng: Ctrl+C)", url=f"http://{shown}:{port}/"), err=True)
    try:
        server.run()
    finally:
        server.close()
        app.extensions["digest"].close()
