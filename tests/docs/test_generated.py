"""The pages that are written out of the program say what the program says today."""

import subprocess
import sys
from pathlib import Path

GENERATE = Path(__file__).parents[2] / "docs" / "generate.py"


def test_commands_settings_and_schema_are_as_the_program_has_them():
    done = subprocess.run([sys.executable, GENERATE, "--check"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, "python3 tasks.py docs has to be run\n" + done.stderr
