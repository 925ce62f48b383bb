"""What editors type about search: searches saved and told, topics judged and bettered, retagging seen first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from digest import clock
from digest.cli.main import run
from digest.jobs import searches as saved
from digest.jobs.session import opened
from digest.storage import taggings
from digest.workspace import Workspace

SOURCES = """format: 1
site: {name: Bản tin Bến Thử, url: https://bantin.example.vn}
sources: []
topics:
  - {id: xa-hoi, name: Xã hội, query: '"xã hội"', min_score: 0}
  - {id: ton-giao, name: Tôn giáo, query: '"tôn giáo" OR "lễ hội"', min_score: 0, parent: xa-hoi}
bulletins: []
centers: []
"""
NEWS = [
    ("Công tác tôn giáo ở Bến Thử", "Phường Bến Thử gặp mặt chức sắc các tôn giáo."),
    ("Lễ hội bơi chải Hạ Sơn", "Hai mươi đội thuyền dự lễ hội."),
    ("Giáo xứ Sông Vân góp gạo", "Bà con giáo xứ góp hai tấn gạo."),
    ("Giáo xứ Đồng Mẫu dựng cầu", "Giáo xứ và thôn cùng dựng cầu."),
    ("Gieo cấy vụ đông ở Hạ Sơn", "Nông dân ra đồng."),
]

Say = Callable[..., Any]


def lines(news: list[tuple[str, str]], first: int = 1) -> str:
    rows = [
        {"url": f"https://bao.example.vn/{n}.html", "title": title, "lead": lead, "paragraphs": [lead]}
        for n, (title, lead) in enumerate(news, first)
    ]
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    where = tmp_path / "home"
    where.mkdir()
    (where / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    return where


@pytest.fixture
def say(home: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """say("admin", "topics", …, code=0) → what the command wrote."""

    def command(*words: str, code: int = 0) -> str:
        capsys.readouterr()
        ended = run(["--home", str(home), *words])
        said = capsys.readouterr()
        assert ended == code, said
        return said.out + (said.err if code else "")

    return command


@pytest.fixture
def put(say: Say, tmp_path: Path) -> Callable[..., None]:
    def load(news: list[tuple[str, str]], first: int = 1) -> None:
        path = tmp_path / "news.jsonl"
        path.write_text(lines(news, first), encoding="utf-8")
        say("admin", "import", str(path))

    return load


def test_a_search_is_saved_listed_told_run_and_dropped(
    say: Say, put: Callable[..., None], home: Path
) -> None:
    put(NEWS)
    assert "le-hoi-va-ton-giao" in say("search", '"tôn giáo" OR "lễ hội"', "--save", "Lễ hội và tôn giáo")
    (listed,) = json.loads(say("admin", "searches", "list", "--json"))
    assert (listed["id"], listed["new"]) == ("le-hoi-va-ton-giao", 0)
    assert listed["feed"] == "https://bantin.example.vn/atom/da-luu/le-hoi-va-ton-giao.xml"
    put([("Lễ hội cầu ngư Sông Vân", "Thuyền rồng ra khơi."), ("Chợ phiên Hạ Sơn", "Chợ họp.")], 6)
    assert "1 bài mới" in say("admin", "searches", "list")
    report = say("weekly")
    assert "Tìm kiếm đã lưu “Lễ hội và tôn giáo”: 1 bài mới" in report
    assert "Tìm kiếm đã lưu" not in say("weekly")
    found = json.loads(say("admin", "searches", "run", "Lễ hội và tôn giáo", "--json"))
    assert found["total"] == 3
    say("admin", "searches", "drop", "le-hoi-va-ton-giao")
    assert json.loads(say("admin", "searches", "list", "--json")) == []


def test_what_cannot_be_searched_is_not_saved(say: Say, put: Callable[..., None]) -> None:
    put(NEWS[:1])
    say("search", '"tôn', "--save", "Hỏng", code=2)
    say("search", "tôn", "--save", "…", code=2)
    assert "le-hoi" in say("search", "hội", "--save", "Lễ hội") and "(chưa có)" not in say(
        "admin", "searches", "drop", "khac", code=2
    )


def test_filters_are_saved_with_the_query(home: Path, say: Say, put: Callable[..., None]) -> None:
    put(NEWS)
    with opened(Workspace(home)) as session:
        asked = saved.Asked("", ("ton-giao",), ("bao.example.vn",), "2020-01-01")
        kept = saved.keep(session, "Tôn giáo", asked)
        assert kept.filters == {"topic": "ton-giao", "outlet": "bao.example.vn", "from": "2020-01-01"}
        assert saved.run(session, "ton-giao").total == 0  # the imported articles have no date
        saved.keep(session, "Tôn giáo", saved.Asked("", ("ton-giao",), ("bao.example.vn",)))
        assert saved.run(session, "ton-giao").total == 2
        assert len(saved.listed(session)) == 1


@pytest.mark.parametrize("kind", ["by url", "by id", "semicolons", "own texts"])
def test_topics_are_judged_on_labelled_articles(
    say: Say, put: Callable[..., None], tmp_path: Path, kind: str
) -> None:
    put(NEWS)
    labels = ["ton-giao", "", "ton-giao", "ton-giao", ""]
    path = tmp_path / "labels"
    urls = [f"https://bao.example.vn/{n}.html" for n in range(1, 6)]
    if kind == "by url":
        path.write_text("url,topics\n" + "\n".join(f"{u},{t}" for u, t in zip(urls, labels, strict=True)))
    elif kind == "semicolons":
        rows = "\r\n".join(f"{u};{t}" for u, t in zip(urls, labels, strict=True))
        path.write_bytes(("\ufeffURL;Topics\r\n" + rows).encode())
    elif kind == "by id":
        rows = [json.dumps({"id": n, "topics": [t] if t else []}) for n, t in enumerate(labels, 1)]
        path.write_text("\n".join(rows))
    else:
        rows = [
            json.dumps({"title": title, "lead": lead, "topics": [{"id": t}] if t else []})
            for (title, lead), t in zip(NEWS, labels, strict=True)
        ]
        path.write_text("\n".join(rows))
    said = json.loads(say("admin", "topics", "--evaluate", str(path), "--json"))["evaluation"]
    assert said["articles"] == 5 and said["missing_lines"] == []
    judged = {one["id"]: one for one in said["topics"]}
    assert (judged["ton-giao"]["precision"], judged["ton-giao"]["recall"]) == (0.5, 0.3333)
    assert judged["xa-hoi"]["recall"] == 0.3333  # the wider topic has what the narrower one has
    assert "50,0 %" in say("admin", "topics", "--evaluate", str(path))


def test_wrong_lines_of_a_labelled_file_are_said_all_at_once(say: Say, tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(
        '{"id": 1, "topics": ["ton-giao"]}\nnot json\n{"topics": []}\n{"id": 3}\n', encoding="utf-8"
    )
    said = say("admin", "topics", "--evaluate", str(path), code=2)
    assert all(f"labels.jsonl:{line}" in said for line in (2, 3, 4))
    path.write_text('{"id": 1, "topics": ["ton-giao", "khac"]}\n', encoding="utf-8")
    found = json.loads(say("admin", "topics", "--evaluate", str(path), "--json"))["evaluation"]
    assert (found["unknown_topics"], found["missing_lines"]) == (["khac"], [1])


def test_corrections_propose_terms_and_a_changed_query_is_seen_before_it_is_done(
    say: Say, put: Callable[..., None], home: Path
) -> None:
    put(NEWS + [(f"Hạ Sơn gieo cấy lần {n}", "Nông dân ra đồng.") for n in range(40)])
    put([(f"Lễ hội bơi chải lần {n}", "Đội thuyền dự lễ hội.") for n in range(3)], 60)
    with opened(Workspace(home)) as session, session.archive.writing() as conn:
        ids = {row: n for n, row in enumerate(["", *(title for title, _lead in NEWS)])}
        for title in ("Giáo xứ Sông Vân góp gạo", "Giáo xứ Đồng Mẫu dựng cầu"):
            taggings.set_editor(conn, ids[title], "ton-giao", True, "lan", clock.now())
        for article in (46, 47, 48):
            taggings.set_editor(conn, article, "ton-giao", False, "lan", clock.now())
    proposals = json.loads(say("admin", "topics", "--propose", "--json"))["proposals"]
    assert ("add", "giáo xứ", 2, 2, 0) in [
        (one["kind"], one["term"], one["inside"], one["of"], one["outside"]) for one in proposals
    ]
    assert ("drop", "lễ hội", 3, 3) in [
        (one["kind"], one["term"], one["inside"], one["of"]) for one in proposals
    ]
    assert 'OR "giáo xứ"' in say("admin", "topics", "--propose")
    changed = SOURCES.replace('OR "lễ hội"', 'OR "giáo xứ"')
    (home / "sources.yaml").write_text(changed, encoding="utf-8")
    first = json.loads(say("admin", "retag", "--dry-run", "--json"))
    assert first["added"] == {"xa-hoi": [3, 4]}  # on the narrower topic an editor put them
    assert first["dropped"]["ton-giao"] == [2]  # 46 to 48 an editor took off
    assert json.loads(say("admin", "retag", "--dry-run", "--json")) == first
    done = json.loads(say("admin", "retag", "--json"))
    assert (done["added"], done["dropped"]) == (first["added"], first["dropped"])
    assert json.loads(say("admin", "retag", "--dry-run", "--json"))["added"] == {}
    with opened(Workspace(home)) as session, session.archive.reading() as conn:
        assert {one.topic for one in taggings.of(conn, [3])[3]} == {"ton-giao", "xa-hoi"}
        assert taggings.of(conn, [46])[46] == [] or all(
            one.topic != "ton-giao" for one in taggings.of(conn, [46])[46]
        )
