"""What the guides tell people to type exists: every command, option, link and piece of YAML."""

import re
import shlex
from pathlib import Path

import click
import pytest

from digest import config
from digest.cli.main import group
from digest.collect.kinds import Unreadable
from digest.collect.page import Page
from digest.errors import FileFaults
from digest.model import Source

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GUIDES = [*sorted((DOCS / "vi").glob("*.md")), DOCS / "glossary.md", DOCS / "extending.md"]


def blocks(page, language):
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", page.read_text(encoding="utf-8"), re.M | re.S)


def commands():
    for page in GUIDES:
        text = page.read_text(encoding="utf-8")
        lines = "\n".join(blocks(page, "sh")).splitlines() + re.findall(r"`(digest [^`]+)`", text)
        for line in lines:
            if line.startswith("digest ") and line not in ("digest --version",):
                yield pytest.param(line.partition("  #")[0].strip(), id=f"{page.name}: {line.strip()}")


@pytest.mark.parametrize("line", list(commands()))
def test_every_command_is_one(line):
    """Parsed by click as the shell would hand it over, and not run."""
    words = shlex.split(line)[1:]
    command: click.Command = group
    context = click.Context(command, info_name="digest")
    while isinstance(command, click.Group):
        while words and words[0].startswith("-"):
            words = words[2:]
        name = words.pop(0)
        found = command.get_command(context, name)
        assert found is not None, f"no command {name}"
        command, context = found, click.Context(found, info_name=name, parent=context)
    if "--help" in words or not words:
        return
    command.make_context(context.info_name, words, parent=context.parent)


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_every_piece_of_yaml_is_right(page):
    for block in blocks(page, "yaml"):
        try:
            config.parse(block)
        except FileFaults as faults:  # a piece may name topics that stand elsewhere
            assert all("Không có chủ đề nào tên" in fault.what for fault in faults.faults), str(faults)


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    generated = {"cli.md"}
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        path = (page.parent / target).resolve()
        assert path.exists() or path.name in generated, target


def test_settings_of_the_guide_are_toml():
    import tomllib

    for block in blocks(DOCS / "vi" / "trung-tam.md", "toml"):
        assert "smtp_url" in tomllib.loads(block)


def test_the_edition_of_the_guide_is_one():
    from digest.bulletin.edition import parse

    (block,) = blocks(DOCS / "vi" / "bat-dau.md", "markdown")
    edition = parse(block)
    assert [item.article for item in edition.sections[0].items] == [29]
    assert edition.foreword


def test_the_kind_of_the_guide_reads_a_list():
    block, *_rest = blocks(DOCS / "extending.md", "python")
    space = {}
    exec(compile(re.sub(r"^ {3}", "", block, flags=re.M), "jsonlist.py", "exec"), space)
    body = '[{"url": "/bai-1.html", "title": "Xã Bến Thử họp dân", "published": "05/03/2026 15:34"}, 7]'
    source = Source("a", "Báo Bến Thử", "jsonlist", "https://bao.example.vn/")
    reading = space["read"](Page("https://bao.example.vn/", body.encode()), source)
    assert [(entry.url, entry.title) for entry in reading.entries] == [
        ("https://bao.example.vn/bai-1.html", "Xã Bến Thử họp dân")
    ]
    assert reading.entries[0].published is not None
    with pytest.raises(Unreadable, match="không phải danh sách JSON"):
        space["read"](Page("https://bao.example.vn/", b"<html>"), source)
