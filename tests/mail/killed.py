"""A dispatch in a process of its own, to be killed: `killed.py HOME PORT NUMBER`."""

from __future__ import annotations

import sys
from pathlib import Path

from post_office import SECRET, letter, people

from digest.mail.dispatch import Sending, run
from digest.mail.server import Server
from digest.storage.engine import Archive

if __name__ == "__main__":
    home, port, number = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    archive = Archive.open(f"sqlite:///{(home / 'archive.sqlite3').as_posix()}")
    print("ready", flush=True)
    report = run(archive, Sending(letter(), people(number), Server("127.0.0.1", port)), SECRET)
    archive.close()
    sys.exit(0 if report.done else 3)
