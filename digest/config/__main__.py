"""Prints the JSON Schema of sources.yaml; `python3 tasks.py docs` writes it into docs/."""

from __future__ import annotations

import json
import sys

from digest.config import schema

sys.stdout.buffer.write(json.dumps(schema(), ensure_ascii=False, indent=1).encode("utf-8") + b"\n")
