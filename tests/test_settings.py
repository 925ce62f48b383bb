"""The list of settings is whole, documented, and held against what stands in settings.toml."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from digest import settings
from digest.cli.main import run
from digest.jobs.setup import make_workspace
from digest.workspace import Workspace

ROOT = Path(__file__).parents[1]
SOURCES = """
format: 1
centers: [{id: dong-mau, name: Đồng Mẫu, sender: a@b.vn, recipients: recipients/dong-mau.csv}]
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("DIGEST_")]:
        monkeypatch.delenv(name)
    return make_workspace(Workspace(tmp_path / "home"), SOURCES)


def used():
    """Names of settings in the program's own text; those made of pieces end with a _."""
    for path in sorted((ROOT / "digest").rglob("*.py")):
        if path.name != "settings.py":
            yield from re.findall(r"""["']DIGEST_([A-Z][A-Z_]*)""", path.read_text(encoding="utf-8"))


def test_every_setting_that_the_program_reads_is_listed_and_the_other_way_round():
    names, read = {one.name for one in settings.SETTINGS}, set(used())
    whole = {name for name in read if not name.endswith("_")}
    pieces = tuple(name for name in read if name.endswith("_"))
    assert whole <= names
    assert {name for name in names - whole if not name.startswith(pieces)} == set()


def test_the_tables_of_the_documents_are_the_list():
    """Write them again with: python3 tasks.py docs."""
    assert settings.table("en") in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert settings.table("vi") in (ROOT / "docs" / "vi" / "thiet-dat.md").read_text(encoding="utf-8")
    for one in settings.SETTINGS:
        assert (
            f"DIGEST_{one.name}" in settings.table("en") and one.name.lower() in settings.table("vi").lower()
        )
        assert "|" not in one.en + one.vi + one.example


def test_names_that_mean_nothing_are_pointed_out(home, capsys):
    home.settings_path.write_text(
        'smtp_url = "smtp://127.0.0.1:1"\nmail_per_hours = 300\nSMTP_URL_DONG_MAU = "smtp://127.0.0.1:1"\n'
        'smtp_url_dong_mao = "smtp://127.0.0.1:1"\nDIGEST_EDITOR = "a@b.vn"\nhome = "x"\n',
        encoding="utf-8",
    )
    assert run(["--home", str(home.home), "check", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)["warnings"]
    assert [re.search(r"“(.*?)”", one)[1] for one in said] == [
        "mail_per_hours", "smtp_url_dong_mao", "digest_editor", "home",
    ]  # fmt: skip
    for one, near in zip(said, ("mail_per_hour", "smtp_url_dong_mau", "editor"), strict=False):
        assert f"Có phải ý bạn là “{near}”?" in one
    assert run(["--home", str(home.home), "check"]) == 0
    assert "mail_per_hours" in capsys.readouterr().out


def test_a_misspelt_limit_is_said_before_sending(home, capsys):
    home.settings_path.write_text("mail_per_hours = 300\n", encoding="utf-8")
    run(["--home", str(home.home), "send", "khong-co/2026-W47", "--center", "dong-mau"])
    assert "mail_per_hours" in capsys.readouterr().err


def test_settings_of_a_right_file_are_not_pointed_out(home, capsys):
    lines = [
        f"{name} = 'x'\n"
        for name in settings.known(["dong-mau"])
        if name not in ("log_format", "log", "lang")
    ]
    home.settings_path.write_text("".join(lines), encoding="utf-8")
    run(["--home", str(home.home), "check", "--json"])
    assert "không có thiết đặt" not in capsys.readouterr().out
