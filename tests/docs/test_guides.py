"""What the documents tell people to type exists: every command, option, setting, path, link and piece of YAML."""

import importlib.util
import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest
import yaml

from digest import config, settings
from digest.cli.main import group
from digest.collect.kinds import Unreadable
from digest.collect.page import Page
from digest.errors import FileFaults
from digest.model import Source

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
GUIDES = [*sorted((DOCS / "vi").glob("*.md")), DOCS / "glossary.md", DOCS / "extending.md"]
PREFIX = "/srv/bantin/.venv/bin/"  # where deploy.md puts the program


def named(page):
    return str(page.relative_to(ROOT))


def blocks(page, language):
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", page.read_text(encoding="utf-8"), re.M | re.S)


def typed(page):
    """Every line of shell in a page: fenced, indented, or between backticks."""
    text = page.read_text(encoding="utf-8")
    lines = "\n".join(blocks(page, "sh")).splitlines() + re.findall(r"^ {4,}(\S.*)", text, re.M)
    lines += re.findall(r"`((?:digest|python3) [^`]+)`", text)
    return [re.split(r"  +#|  +\(", line)[0].strip().removeprefix(PREFIX) for line in lines]


def commands():
    for page in PAGES:
        for line in dict.fromkeys(typed(page)):
            if line.startswith("digest ") and line not in ("digest --version", "digest …"):
                yield pytest.param(line, id=f"{named(page)}: {line}")


@pytest.mark.parametrize("line", list(commands()))
def test_every_command_is_one(line):
    """Parsed by click as the shell would hand it over, and not run."""
    words = shlex.split(line)[1:]
    command: click.Command = group
    context = click.Context(command, info_name="digest")
    while isinstance(command, click.Group) and words:
        while words and words[0].startswith("-"):
            words = words[2:]
        name = words.pop(0)
        found = command.get_command(context, name)
        assert found is not None, f"no command {name}"
        command, context = found, click.Context(found, info_name=name, parent=context)
    if "--help" in words or not words:
        return
    try:
        command.make_context(context.info_name, words, parent=context.parent)
    except click.BadOptionUsage:  # only mentioned: what its last option takes is left out
        command.make_context(context.info_name, [*words, "1"], parent=context.parent)
    except click.BadParameter as wrong:  # a file that only its reader has
        assert "does not exist" in str(wrong)


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_every_piece_of_yaml_is_right(page):
    for block in blocks(page, "yaml"):
        try:
            config.parse(block)
        except FileFaults as faults:  # a piece may name topics that stand elsewhere
            assert all("Không có chủ đề nào tên" in fault.what for fault in faults.faults), str(faults)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_and_pictures_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_page_can_be_come_to_from_the_first():
    seen, ahead = set(), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        seen.add(page)
        for target in re.findall(r"\]\((?!https?:)([^)#]+(?:\.md|/))", page.read_text(encoding="utf-8")):
            found = (page.parent / target).resolve()
            found = found / "README.md" if found.is_dir() else found
            ahead += [found] if found.exists() and found not in seen else []
    assert [named(page) for page in PAGES if page not in seen] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_files_that_are_named_are_there(page):
    text = page.read_text(encoding="utf-8")
    places = r"(?:digest|docs|tests|bench|release)/[\w./-]*\w"
    for path in re.findall(rf"`({places})`", text):
        assert (ROOT / path).exists() or path.endswith(("/NAME.py", "/jsonlist.py")), path


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_tasks_that_are_named_are_there(page):
    made = importlib.util.spec_from_file_location("tasks", ROOT / "tasks.py")
    tasks = importlib.util.module_from_spec(made)
    made.loader.exec_module(tasks)
    named_here = re.findall(r"tasks\.py (\w+)", page.read_text(encoding="utf-8"))
    assert set(named_here) <= set(tasks.TASKS)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_settings_that_are_named_are_there(page):
    known = {f"DIGEST_{one.name}" for one in settings.SETTINGS}
    for name in re.findall(r"\bDIGEST_[A-Z_]*[A-Z]", page.read_text(encoding="utf-8")):
        assert name in known or name.removesuffix("_LE_CHAN") in known, name
    for block in blocks(page, "toml"):
        assert set(tomllib.loads(block)) <= {one.name.lower() for one in settings.SETTINGS}


def test_configuration_of_other_programs_is_well_formed():
    (patroni,) = blocks(DOCS / "deploy-cluster.md", "yaml")
    read = yaml.safe_load(patroni)
    assert read["bootstrap"]["dcs"]["synchronous_mode"] is True
    assert read["postgresql"]["pg_hba"][1].split()[:3] == ["host", "bantin", "bantin"]


def test_settings_of_the_guide_are_toml():
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
