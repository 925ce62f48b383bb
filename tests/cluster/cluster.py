"""A primary and its standby on this machine: real PostgreSQL, streaming, to be killed and promoted."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

sys.path.append(str(Path(__file__).parents[1] / "storage"))
from postgres_server import Server, programs

__all__ = ["Cluster", "programs"]

SMALL = ("shared_buffers=32MB", "max_connections=60", "wal_level=replica", "hot_standby=on", "fsync=off")


class Cluster:
    """`synchronous`: a commit is answered only when the standby has applied it."""

    def __init__(self, folder: Path, *, synchronous: bool) -> None:
        base = Path(tempfile.mkdtemp(prefix="digest-cluster-"))
        base.chmod(0o755)
        waits = ("synchronous_standby_names=*", "synchronous_commit=remote_apply") if synchronous else ()
        self.primary = Server(folder, data=base / "primary", settings=SMALL)
        self.standby = Server(folder, data=base / "standby", settings=SMALL)
        self.base, self._waits = base, waits

    def __enter__(self) -> Cluster:
        self.primary.start()
        copy = ("-h", "127.0.0.1", "-p", self.primary.port, "-U", "digest", "-D", self.standby.data / "data")
        self.standby.program("pg_basebackup", *copy, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        self.standby.run_server()
        # Only now, and only there: the promoted standby must not wait for a standby of its own.
        if self._waits:
            for one in self._waits:
                name, value = one.split("=")
                self.primary.run(f"ALTER SYSTEM SET {name} = '{value}'")
            self.primary.run("SELECT pg_reload_conf()")
        return self

    def __exit__(self, *_error: object) -> None:
        for server in (self.primary, self.standby):
            if server.process.poll() is None:
                server.process.send_signal(signal.SIGQUIT)
                server.process.wait(timeout=60)
        shutil.rmtree(self.base, ignore_errors=True)

    @property
    def url(self) -> str:
        """The database wherever it may be written: libpq asks both, and takes the one that is no standby."""
        hosts = "&".join(f"host=127.0.0.1:{one.port}" for one in (self.primary, self.standby))
        return (
            f"postgresql+psycopg://digest@/postgres?{hosts}&target_session_attrs=read-write&connect_timeout=5"
        )

    def cut_off(self) -> None:
        """The standby hears nothing of the primary any more, and goes on answering readers."""
        self.standby.run("ALTER SYSTEM SET primary_conninfo = ''")
        self.standby.run("SELECT pg_reload_conf()")

    def kill_primary(self) -> None:
        """kill -9 of all its processes, as when the machine dies."""
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.primary.process.pid)], capture_output=True, text=True, check=False
        ).stdout.split()  # fmt: skip
        for pid in (self.primary.process.pid, *map(int, children)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.primary.process.wait(timeout=30)

    def promote(self) -> None:
        """The standby becomes the primary; a checkpoint, so that pg_rewind later tells the truth."""
        self.standby.run("SELECT pg_promote(true, 60)")
        self.standby.run("CHECKPOINT")

    def lag(self) -> str:
        """What the primary says of its standby: streaming, and sync or async."""
        engine = sa.create_engine(self.primary.url("postgres"), poolclass=sa.NullPool)
        with engine.connect() as conn:
            row = conn.execute(sa.text("SELECT state, sync_state FROM pg_stat_replication")).first()
        return f"{row.state} {row.sync_state}" if row else "none"
