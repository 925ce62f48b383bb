"""A real PostgreSQL of the tests' own: its programs are looked for, its data thrown away."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa


def programs() -> Path | None:
    """The folder with initdb and postgres, or None where there is no PostgreSQL."""
    found = [Path(path).resolve().parent for path in [shutil.which("postgres")] if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in found if (folder / "initdb").exists()), None)


class Server:
    """Runs from `start` to `stop`; every test gets a database of its own."""

    def __init__(self, folder: Path) -> None:
        # Not under pytest's own folder: only its owner may look into that, and PostgreSQL is not root.
        self.data = Path(tempfile.mkdtemp(prefix="digest-postgres-"))
        self.folder, self.count = folder, 0
        # PostgreSQL refuses to run as root, as tests in containers do.
        self.user = {"user": "postgres"} if hasattr(os, "geteuid") and os.geteuid() == 0 else {}
        if self.user:
            shutil.chown(self.data, "postgres")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self) -> None:
        cluster = self.data / "data"
        command = [
            self.folder / "initdb",
            "-D",
            cluster,
            "-U",
            "digest",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
        ]
        subprocess.run(
            [*map(str, command), "--no-sync"], check=True, capture_output=True, cwd="/", **self.user
        )
        command = [
            self.folder / "postgres",
            "-D",
            cluster,
            "-p",
            self.port,
            "-k",
            self.data,
            "-h",
            "127.0.0.1",
        ]
        self.process = subprocess.Popen(
            [*map(str, command), "-c", "fsync=off"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **self.user,
        )  # fmt: skip
        for _try in range(200):
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
        self.process.send_signal(signal.SIGQUIT)  # at once: nobody will want the data again
        self.process.wait(timeout=30)
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
