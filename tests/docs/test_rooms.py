"""The drawing in docs/architecture.md is the code's own."""

import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_drawing_of_rooms_is_up_to_date():
    done = subprocess.run([sys.executable, str(DOCS / "rooms.py"), "--check"], check=False)
    assert done.returncode == 0, "python3 tasks.py docs"
