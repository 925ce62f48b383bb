"""An editor's hour at the shell: collect, look, drop, move, note, rename, build, approve, send, correct."""

import email
import json
import re
from email.policy import default

import pytest
from runs import edition_files, export, home, json_of, run

from digest import clock
from digest.demo.mailbox import start_mailbox
from digest.demo.newsroom import start_newsroom


@pytest.fixture(scope="module")
def newsroom():
    with start_newsroom(clock.now()) as room:
        yield room


@pytest.fixture(scope="module")
def week(tmp_path_factory, newsroom):
    """A home in which one weekly run is done, and what that run said."""
    where = home(tmp_path_factory.mktemp("hour") / "home", newsroom)
    return where, json_of(where, "weekly")


def items_of(text):
    """The edition's articles as blocks of text, by their headline line."""
    return re.findall(r"^### .*?(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)


def test_the_weekly_report_has_the_agreed_shape(week):
    where, report = week
    assert set(report) == {"week", "collected", "editions", "warnings"}
    assert set(report["collected"]) == {"new", "updated", "unchanged", "failed"}
    assert all(set(one) == {"source", "url", "reason"} for one in report["collected"]["failed"])
    for edition in report["editions"]:
        assert edition["state"] == "built" and edition["touched"] is False
        assert isinstance(edition["articles"], int) and isinstance(edition["minutes"], int)
        assert (where / edition["path"]).is_file()
        assert all((where / path).is_file() for path in edition["files"].values())


def test_search_and_status_have_the_agreed_shapes(week):
    where, _report = week
    found = json_of(where, "search", "ton giao", "--limit", "3")
    assert {"query", "total", "took_ms", "engine", "hits", "facets"} <= set(found)
    keys = {"id", "url", "title", "lead", "outlet", "source", "published", "score", "topics", "snippet"}
    assert found["hits"] and all(keys <= set(hit) for hit in found["hits"])
    status = json_of(where, "status")
    assert set(status) == {"sources", "archive", "index", "runs", "dispatches"}
    row = export(where)[0]
    assert set(row) == {
        "id", "url", "source", "outlet", "dateline", "title", "lead", "paragraphs", "captions", "author",
        "published", "collected", "story", "topics", "revision", "text",
    }  # fmt: skip


def test_an_editors_hour(week, newsroom, tmp_path):
    where, report = week
    edition = report["editions"][0]
    name, path = edition["id"], where / edition["path"]

    # Drops two articles, moves one to the front of its section, writes a note, changes the title.
    text = path.read_text(encoding="utf-8")
    blocks = items_of(text)
    for dropped in blocks[-2:]:
        text = text.replace(dropped, "")
    first, second = blocks[0], blocks[1]
    text = text.replace(first + second, second.rstrip() + "\n\n" + first)
    note = "Ban biên tập lưu ý: bài này nên kể ở đầu buổi."
    text = text.replace(second.rstrip(), second.rstrip() + "\n\n" + note, 1)
    text = text.replace("title: Bản tin báo cáo viên số {number}", "title: Tin chọn trong tuần, số {number}")
    text = re.sub(r"^## [^\n]+\n+(?=## |\Z)", "", text, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")

    # The weekly run leaves a touched edition alone, and says so.
    again = next(one for one in json_of(where, "weekly")["editions"] if one["id"] == name)
    assert again["touched"] is True and path.read_text(encoding="utf-8") == text

    # A changed letter does not build: line and both texts are named, and no file changes.
    excerpt = next(line for line in text.splitlines() if line.startswith("> ") and "[…]" not in line)
    wrong = excerpt[:12] + ("x" if excerpt[12] != "x" else "y") + excerpt[13:]
    path.write_text(text.replace(excerpt, wrong), encoding="utf-8")
    before = edition_files(where)
    refused = run(where, "build", name)
    line = next(n for n, one in enumerate(text.splitlines(), 1) if one == excerpt)
    assert refused.returncode == 1 and f"edition.md:{line}:" in refused.stderr
    assert wrong[6:16] in refused.stderr and excerpt[6:16] in refused.stderr
    assert edition_files(where) == before

    path.write_text(text, encoding="utf-8")
    built = json_of(where, "build", name)
    assert built["state"] == "built" and built["articles"] == len(blocks) - 2
    html = (where / built["files"]["html"]).read_text(encoding="utf-8")
    assert note in html and "Tin chọn trong tuần" in html

    # Sending needs approval; approval numbers and freezes; building it again is refused.
    assert run(where, "send", name, "--center", "ben-thu", "--dry-run").returncode == 2
    approved = json_of(where, "approve", name)
    assert approved["state"] == "approved"
    assert "number: 1" in path.read_text(encoding="utf-8")
    assert run(where, "build", name).returncode == 2
    frozen = edition_files(where)
    assert json_of(where, "weekly")["editions"][0]["state"] == "approved"
    assert {k: v for k, v in edition_files(where).items() if name in k} == {
        k: v for k, v in frozen.items() if name in k
    }

    # Sent once to each, and not again.
    with start_mailbox(tmp_path / "mailbox") as mailbox:
        looked = json_of(where, "send", name, "--center", "ben-thu", "--dry-run")
        assert looked["dispatches"][0]["to_send"] == 3 and not mailbox.letters
        for _again in range(2):
            json_of(where, "send", name, "--center", "ben-thu", DIGEST_SMTP_URL=mailbox.url)
        letters = [email.message_from_bytes(one.read_bytes(), policy=default) for one in mailbox.letters]
    assert len(letters) == 3 == len({letter["To"] for letter in letters})
    plain, rich = (letters[0].get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert note in plain and note in rich
    assert [part.get_content_type() for part in letters[0].iter_attachments()] == ["application/pdf"]

    # What turns out wrong is put right by a slip that names the edition.
    slip = json_of(where, "draft", "--corrects", name)
    assert slip["id"] == f"{name}-dc1"
    assert json_of(where, "build", slip["id"])["state"] == "built"
    empty = run(where, "approve", slip["id"])
    assert empty.returncode == 2 and "chưa nói sai gì" in empty.stderr
    page = where / slip["path"]
    asked = "Viết ở đây: số trên in gì, và đúng là gì."
    said = "Trang 2 in nhầm tên thôn; đúng là thôn Sông Vân."
    page.write_text(page.read_text(encoding="utf-8").replace(asked, f"{asked}\n\n{said}"), encoding="utf-8")
    slipped = json_of(where, "approve", slip["id"])
    assert slipped["state"] == "approved"
    html = (where / slipped["files"]["html"]).read_text(encoding="utf-8")
    assert said in html and asked not in html
    assert list(page.parent.glob("edition-*.md")) == []  # what was approved is not put aside as well

    # What someone types into an approved edition is kept aside, not lost and not sent.
    late = path.read_text(encoding="utf-8") + "\nThêm sau khi duyệt.\n"
    path.write_text(late, encoding="utf-8")
    json_of(where, "weekly")
    assert "Thêm sau khi duyệt." not in path.read_text(encoding="utf-8")
    aside = [one.read_text(encoding="utf-8") for one in path.parent.glob("edition-*.md")]
    assert aside == [late]
    assert json_of(where, "admin", "verify")["ok"] is True


def test_one_edition_that_cannot_be_built_leaves_the_others_alone(week):
    where, report = week
    broken, *others = report["editions"][1:]
    path = where / broken["path"]
    before = path.read_bytes()
    path.write_bytes("tệp lưu bằng chương trình cũ".encode("utf-16"))
    try:
        said = run(where, "--lang", "vi", "weekly", "--json")
    finally:
        path.write_bytes(before)
    told = {one["id"]: one for one in json.loads(said.stdout)["editions"]}
    assert said.returncode == 3
    assert "UTF-8" in " ".join(told[broken["id"]]["warnings"])
    assert all(told[one["id"]]["state"] == "built" for one in others)
