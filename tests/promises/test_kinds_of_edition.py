"""The kinds of edition at the shell: documents, the chi bộ pack, the outline; what comes later is told."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import docx
import pytest

from digest.cli.main import run as command

SOURCES = """format: 1
site: {name: Bản tin Bến Thử, url: https://bantin.example.vn}
topics:
  - {id: xay-dung-dang, name: Xây dựng Đảng, query: '"chi bộ" OR "đảng viên"'}
  - {id: van-hoa, name: Văn hóa, query: '"lớp học" OR "đọc sách"'}
bulletins:
  - id: bao-cao-vien
    name: Bản tin báo cáo viên
    publisher: Trung tâm chính trị phường Bến Thử
    cadence: weekly
    sections: {xay-dung-dang: 3, van-hoa: 3}
    documents: 5
    minutes: 20
  - id: chi-bo
    name: Tài liệu sinh hoạt chi bộ
    cadence: monthly
    rolls_up: [bao-cao-vien]
    meeting: 3
    sections: {xay-dung-dang: 2, van-hoa: 1}
    formats: [html, pdf, docx, script, txt]
    minutes: 10
centers:
  - {id: ben-thu, name: Trung tâm chính trị phường Bến Thử, sender: 'TTCT <bantin@example.vn>', bulletins: [bao-cao-vien, chi-bo], recipients: recipients/ben-thu.csv}
"""
MEETING = "Chi bộ tổ tàu cá Bến Thử họp khi tàu về bến"
READING = "Lớp học đọc sách trong sân đình Đồng Mẫu"
DECREE = "Cấp xã Sông Vân có quy định mới về lớp học buổi tối"
ARTICLES = [
    {
        "url": "https://bao-song-van.example/tau-ca",
        "title": MEETING,
        "lead": "Mười hai tàu, ba mươi đảng viên, lịch họp theo con nước.",
        "paragraphs": [
            "Chi bộ có 28 đảng viên, 9 người đi biển dài ngày.",
            "Ba kỳ gần đây không ai vắng, nghị quyết chỉ một trang và ai cũng thuộc.",
            "Cả năm chi bộ giới thiệu 17 quần chúng ưu tú, kết nạp 6 người.",
        ],
        "published": "2026-11-18T08:00:00+07:00",
    },
    {
        "url": "https://bao-dong-mau.example/doc-sach",
        "title": READING,
        "lead": "Ba tối một tuần, sân đình sáng đèn cho hai mươi sáu em nhỏ.",
        "paragraphs": [
            "Lớp học do đoàn xã mở, phụ huynh chỉ lo một việc là đón con đúng giờ.",
            "Sau một học kỳ, 19 trong 26 em đọc thông, viết thạo.",
        ],
        "published": "2026-11-19T08:00:00+07:00",
    },
    {
        "url": "https://bao-ha-son.example/quy-dinh",
        "title": DECREE,
        "lead": "Ngày 12/11, UBND tỉnh Sông Vân ban hành Quyết định số 912/2026/QĐ-UBND về hỗ trợ người dạy.",
        "paragraphs": [
            "Quyết định này có hiệu lực từ ngày 1 tháng 12 năm 2026.",
            "Xã nào cũng mong có người đứng lớp.",
        ],
        "published": "2026-11-20T08:00:00+07:00",
    },
]
WEEK, MONTH = "bao-cao-vien/2026-W47", "chi-bo/2026-11"


class Desk:
    """An editor at the shell of one workspace."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.capsys = home, capsys

    def do(self, *words: str, code: int = 0) -> str:
        self.capsys.readouterr()
        done = command(["--home", str(self.home), *words])
        said = self.capsys.readouterr()
        assert done == code, said.out + said.err
        return said.out + said.err

    def json(self, *words: str) -> Any:
        self.capsys.readouterr()
        assert command(["--home", str(self.home), *words, "--json"]) == 0
        return json.loads(self.capsys.readouterr().out)

    def bring(self, *articles: dict[str, Any]) -> None:
        path = self.home / "bring.jsonl"
        path.write_text(
            "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in articles), encoding="utf-8"
        )
        self.do("admin", "import", str(path))

    def path(self, edition: str) -> Path:
        return self.home / "output" / edition / "edition.md"

    def text(self, edition: str) -> str:
        return self.path(edition).read_text(encoding="utf-8")

    def write(self, edition: str, old: str, new: str) -> None:
        text = self.text(edition)
        assert old in text
        self.path(edition).write_text(text.replace(old, new, 1), encoding="utf-8")

    def words(self, report: dict[str, Any], form: str) -> str:
        data = (self.home / report["files"][form]).read_bytes()
        if form not in ("docx", "script"):
            return data.decode(errors="replace")
        body = docx.Document(io.BytesIO(data)).element.body
        return " ".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("DIGEST_NOW", "2026-11-23T09:00:00+07:00")
    monkeypatch.delenv("DIGEST_HOME", raising=False)
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "recipients").mkdir()
    (tmp_path / "recipients" / "ben-thu.csv").write_text("email,name\nlan@example.vn,Lan\n", encoding="utf-8")
    made = Desk(tmp_path, capsys)
    made.bring(*ARTICLES)
    return made


def test_new_documents_stand_in_a_section_of_their_own_with_their_sources(desk: Desk) -> None:
    desk.do("draft", "bao-cao-vien", "--period", "2026-W47")
    text = desk.text(WEEK)
    row = next(line for line in text.splitlines() if "912/2026/QĐ-UBND" in line and line.startswith("|"))
    assert re.fullmatch(
        r"\| \{article=\d+ revision=1\} Quyết định số 912/2026/QĐ-UBND \| về hỗ trợ người dạy \| UBND tỉnh Sông Vân \| 12/11/2026 \| 01/12/2026 \|",
        row,
    )
    built = desk.json("build", WEEK)
    for form in ("html", "txt", "docx"):
        assert all(
            one in desk.words(built, form)
            for one in ("912/2026/QĐ-UBND", "01/12/2026", "về hỗ trợ người dạy")
        )
    # A cell that the article does not say is refused with its line, and nothing is written.
    desk.write(WEEK, "| 01/12/2026 |", "| 01/01/2027 |")
    line = 1 + next(n for n, one in enumerate(desk.text(WEEK).splitlines()) if "01/01/2027" in one)
    said = desk.do("build", WEEK, code=1)
    assert f"edition.md:{line}:" in said and "01/01/2027" in said
    desk.write(WEEK, "| 01/01/2027 |", "|  |")
    desk.do("build", WEEK)


def test_a_document_is_told_once_and_may_be_asked_for_in_a_begun_edition(desk: Desk) -> None:
    desk.do("draft", "bao-cao-vien", "--period", "2026-W47")
    desk.do("approve", WEEK)
    desk.do("draft", "bao-cao-vien", "--period", "2026-W48")
    assert "912/2026" not in desk.text("bao-cao-vien/2026-W48")
    desk.do("draft", "chi-bo", "--period", "2026-10")
    desk.path("chi-bo/2026-11").parent.mkdir(parents=True)
    begun = "---\nformat: 1\nedition: chi-bo/2026-11\ntitle: Của tôi\nperiod: 2026-11-01/2026-11-30\n---\n\nLời đầu.\n"
    desk.path(MONTH).write_text(begun, encoding="utf-8")
    desk.do("draft", "chi-bo", "--period", "2026-11", "--documents")
    assert desk.text(MONTH).startswith(begun.rstrip()) and "912/2026/QĐ-UBND" in desk.text(MONTH)
    assert "chưa có" in desk.do("draft", "chi-bo", "--period", "2026-11", "--documents", code=2)


def test_the_pack_rolls_up_what_editors_approved_and_adds_no_words(desk: Desk) -> None:
    desk.do("draft", "bao-cao-vien", "--period", "2026-W47")
    note = "Nên kể bài này ở đầu buổi."
    headline = next(line for line in desk.text(WEEK).splitlines() if line.endswith(MEETING))
    desk.write(WEEK, headline, f"{headline}\n\n{note}\n")
    desk.do("build", WEEK)
    assert "Chưa có số nào được duyệt để gộp" in desk.do("draft", "chi-bo", "--period", "2026-11")
    desk.do("approve", WEEK)
    assert WEEK in desk.do("draft", "chi-bo", "--period", "2026-11")
    text = desk.text(MONTH)
    assert note in text and "issued: 2026-12-03" in text
    assert [line for line in text.splitlines() if line.startswith("## ")][-1] == "## Câu hỏi thảo luận"
    built = desk.json("build", MONTH)
    assert "Câu hỏi thảo luận" not in desk.words(built, "html")
    desk.do("draft", "chi-bo", "--period", "2026-11", "--meeting", "5/12/2026")
    assert "issued: 2026-12-05" in desk.text(MONTH)
    desk.path(MONTH).write_text(
        desk.text(MONTH) + "\n1. Chi bộ ta họp vào giờ nào thì đủ?\n", encoding="utf-8"
    )
    built = desk.json("build", MONTH)
    script = desk.words(built, "script")
    assert "Chi bộ ta họp vào giờ nào thì đủ?" in script and note in script
    assert re.search(r"Đọc cả bài khoảng \d+ phút, 160 tiếng một phút", script)
    assert script.count(" phút") >= 3 and "ngày 05 tháng 12 năm 2026" in script


def test_an_outline_has_numbered_headings_figures_and_their_sources(desk: Desk) -> None:
    desk.do("draft", "bao-cao-vien", "--period", "2026-W47")
    desk.do("draft", "--outline", WEEK)
    outline = f"de-cuong-{WEEK}"
    text = desk.text(outline)
    assert "kind: outline" in text and "## I. Xây dựng Đảng" in text
    figure = "Cả năm chi bộ giới thiệu 17 quần chúng ưu tú, kết nạp 6 người."
    assert figure in text
    built = desk.json("build", outline)
    assert figure in desk.words(built, "html") and "Nguồn của số này" in desk.words(built, "html")
    desk.write(outline, "17 quần chúng", "71 quần chúng")
    assert "71 quần chúng" in desk.do("build", outline, code=1)
    desk.do("draft", "--outline", outline, code=1)
    desk.write(outline, "71 quần chúng", "17 quần chúng")
    assert desk.json("approve", outline)["state"] == "approved"
    assert "number: 1" in desk.text(outline)
    assert desk.json("send", outline, "--center", "ben-thu", "--dry-run")["dispatches"][0]["to_send"] == 1
    assert "number" not in desk.text(WEEK).split("---")[1].replace("{number}", "")


def test_numbers_and_names_that_no_source_has_are_pointed_out(desk: Desk) -> None:
    desk.do("draft", "bao-cao-vien", "--period", "2026-W47")
    headline = next(line for line in desk.text(WEEK).splitlines() if line.endswith(MEETING))
    desk.write(WEEK, headline, f"{headline}\n\nÔng Lê Văn Lạ nói có 333 người, trong đó 28 đảng viên.\n")
    said = desk.do("build", WEEK)
    assert "“333”" in said and "“Lê Văn Lạ”" in said and "“28”" not in said
    assert "“333”" in desk.do("approve", WEEK)


def test_later_corrections_and_withdrawals_are_named_at_approving_and_at_sending(desk: Desk) -> None:
    desk.do("draft", "bao-cao-vien", "--period", "2026-W47")
    desk.do("build", WEEK)
    corrected = ARTICLES[0] | {
        "paragraphs": [*ARTICLES[0]["paragraphs"][:2], "Cả năm chi bộ kết nạp 8 người."]
    }  # type: ignore[index]
    desk.bring(corrected)
    said = desk.do("approve", WEEK)
    assert f"“{MEETING}” đã có bản 2" in said
    number = next(
        re.findall(r"article=(\d+)", line)[0]
        for line in desk.text(WEEK).splitlines()
        if line.endswith(READING)
    )
    told = desk.do("send", WEEK, "--center", "ben-thu", "--dry-run")
    assert f"“{MEETING}” đã có bản 2" in told
    desk.do("admin", "takedown", number, "--reason", "Báo yêu cầu")
    for words in (["--dry-run"], ["--eml", str(desk.home / "eml")], ["--test", "toi@thu.test"], []):
        said = desk.do("send", WEEK, "--center", "ben-thu", *words, code=2)
        assert f"“{READING}” đã bị gỡ" in said and f"digest draft --corrects {WEEK}" in said
    assert not (desk.home / "eml").exists()


def test_an_approved_dossier_is_not_drafted_again(desk: Desk) -> None:
    ask = ("draft", "--topic", "xay-dung-dang", "--from", "2026-11-16", "--to", "2026-11-20")
    desk.do(*ask)
    (folder,) = (desk.home / "output" / "chuyen-de-xay-dung-dang").iterdir()
    dossier = f"chuyen-de-xay-dung-dang/{folder.name}"
    words = desk.text(dossier) + "\nThêm một câu.\n"
    (folder / "edition.md").write_text(words, encoding="utf-8")
    assert "edition-" in desk.do(*ask, "--anew")  # where the editor's words were put
    desk.do("build", dossier)
    desk.do("approve", dossier)
    approved = desk.text(dossier)
    assert "đã duyệt" in desk.do(*ask, code=2)
    assert "đã duyệt" in desk.do(*ask, "--anew", code=2)
    assert desk.text(dossier) == approved
