"""A real PostgreSQL of the tests' own: its programs are looked for, its data thrown away."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa


def programs() -> Path | None:
    """The folder with initdb and postgres, or None where there is no PostgreSQL."""
    found = [Path(path).resolve().parent for path in [shutil.which("postgres")] if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in found if (folder / "initdb").exists()), None)


@contextmanager
def running() -> Iterator["Server"]:
    """A server for the tests within, or a skip where there is no PostgreSQL (in CI a skip fails)."""
    import pytest  # a bench uses this file too

    folder = programs()
    if folder is None or importlib.util.find_spec("psycopg") is None:
        pytest.skip("no PostgreSQL here (apt install postgresql; pip install digest[postgres])")
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Server:
    """Runs from `start` to `stop`; every test gets a database of its own.

    With `data` the databases stay in that folder, and a later server goes on with them.
    """

    def __init__(
        self, folder: Path, data: Path | None = None, settings: Sequence[str] = ("fsync=off",)
    ) -> None:
        # Not under pytest's own folder: only its owner may look into that, and PostgreSQL is not root.
        self.data, self.kept = data or Path(tempfile.mkdtemp(prefix="digest-postgres-")), data is not None
        self.folder, self.settings, self.count = folder, settings, 0
        # PostgreSQL refuses to run as root, as tests in containers do.
        self.user = {"user": "postgres"} if hasattr(os, "geteuid") and os.geteuid() == 0 else {}
        self.data.mkdir(parents=True, exist_ok=True)
        if self.user:
            shutil.chown(self.data, "postgres")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self) -> None:
        cluster = self.data / "data"
        if not cluster.exists():
            self.program(
                "initdb",
                "-D",
                cluster,
                "-U",
                "digest",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            )
        self.run_server()

    def program(self, name: str, *words: object) -> None:
        """One of PostgreSQL's own programs, as the user that it wants."""
        command = [str(self.folder / name), *map(str, words)]
        subprocess.run(command, check=True, capture_output=True, cwd="/", **self.user)

    def run_server(self) -> None:
        """Starts on what the folder holds, and waits until it answers."""
        command = [self.folder / "postgres", "-D", self.data / "data", "-p", self.port, "-k", self.data]
        command += ["-h", "127.0.0.1", *(word for one in self.settings for word in ("-c", one))]
        self.process = subprocess.Popen(
            [*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **self.user
        )
        for _try in range(400):
            if self._answers():
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start")

    def _answers(self) -> bool:
        try:
            self.run("SELECT 1")
        except sa.exc.OperationalError:
            return False
        return True

    def stop(self) -> None:
        # At once where nobody will want the data again.
        self.process.send_signal(signal.SIGINT if self.kept else signal.SIGQUIT)
        self.process.wait(timeout=60)
        if not self.kept:
            shutil.rmtree(self.data, ignore_errors=True)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://digest@127.0.0.1:{self.port}/{name}"

    def run(self, statement: str) -> None:
        engine = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as conn:
            conn.execute(sa.text(statement))

    def new(self, template: str = "template0") -> str:
        """A new database's URL, empty or a copy of another."""
        self.count += 1
        self.run(f"CREATE DATABASE t{self.count} TEMPLATE {template}")
        return self.url(f"t{self.count}")
