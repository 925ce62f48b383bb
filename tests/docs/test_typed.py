"""The guides typed line by line, in their order, on the built-in newsroom: every command ends as its page says."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from datetime import datetime
from pathlib import Path

import pytest

from digest.demo.mailbox import start_mailbox
from digest.demo.newsroom import start_newsroom
from digest.demo.sources import sources_yaml

ROOT = Path(__file__).parents[2]
NOW = "2026-11-20T16:30:00+07:00"  # the Friday of the week that the guides take as their example
GUIDES = ("docs/vi/bat-dau.md", "docs/vi/trung-tam.md", "docs/vi/nguon-tin.md", "docs/operations.md")
INSTALLING = re.compile(r"python -m |pipx |cd Downloads|digest --version|.*admin schedule ")
ENDS = {  # with another code than 0, and why the page leads one to expect it
    "digest draft bao-cao-vien --period 2026-W47 --documents": (2, "Số này đã duyệt"),
    "digest admin bounces": (2, 'Thêm dòng: imap_url = "imaps://'),
}


def lines(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    fenced = "\n".join(re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)).splitlines()
    table = re.findall(r"^\|[^|]*\| `(digest [^`]*)` \|$", text, re.M)
    return [line for line in (re.split(r" +#", line)[0] for line in (*fenced, *table)) if line.strip()]


class Shell:
    """A window in which an editor types; `said` has what each line answered."""

    def __init__(self, folder, room, mailbox):
        self.folder, self.room, self.mailbox = folder, room, mailbox
        self.said = {}
        kept = {key: value for key, value in os.environ.items() if not key.startswith("DIGEST_")}
        self.env = {**kept, "PYTHONUTF8": "1", "DIGEST_NOW": NOW}

    def type(self, line):
        words = shlex.split(line)
        if words[0] == "cd":
            self.folder = self.folder / words[1]
            return
        assert words[0] == "digest", line
        if "serve" in words:
            self.said[line] = self.looked(words)
            return
        if words[1:4] == ["admin", "user", "add"]:
            (self.folder / "password.txt").write_text("bốn từ không liên quan", encoding="utf-8")
            words += ["--password-file", "password.txt"]
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=self.folder, env=self.env, encoding="utf-8", timeout=180,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        code, words_said = ENDS.get(line, (0, ""))
        assert (done.returncode, words_said in done.stdout) == (code, True), f"{line}\n{done.stdout}"
        self.said[line] = done.stdout
        self.after(line)

    def looked(self, words):
        """Opens what `serve` serves, on any free port, and stops it as Ctrl+C does."""
        process = subprocess.Popen(
            [sys.executable, "-m", *words, "--port", "0"], cwd=self.folder, env=self.env, encoding="utf-8",
            stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            url = re.search(r"http://\S+/", process.stderr.readline())[0]
            page = "bien-tap/" if "--desk" in words else ""
            with urllib.request.urlopen(url + page, timeout=60) as answer:
                return answer.read().decode("utf-8")
        finally:
            process.kill()
            process.communicate()

    def after(self, line):
        """What the reader does between two commands, as the page says."""
        if line == "digest init ban-tin":
            self.sources(self.folder / "ban-tin")
        if " --corrects " in line:
            self.write_slip()
        if line == "digest admin bounces":
            shutil.copytree(self.mailbox.folder, self.folder / "thu-loi")

    def sources(self, home):
        """The sample, with the newsroom's outlets in place of real ones, a second center, people, a mail server."""
        path = home / "sources.yaml"
        outlets = re.search(r"^sources:\n.*?(?=^topics:)", sources_yaml(self.room), re.M | re.S)[0]
        text = re.sub(
            r"^sources:\n.*?(?=^topics:)", outlets, path.read_text(encoding="utf-8"), flags=re.M | re.S
        )
        text = text.replace("  delay: 1.0 ", "  allow_private: [127.0.0.0/8]\n  delay: 0 ")
        center = text[text.rindex("  - id: le-chan\n") :].replace("le-chan", "an-bien")
        path.write_text(text.rstrip("\n") + "\n" + center, encoding="utf-8")
        people = "email,name\nlan.nguyen@example.vn,Nguyễn Thị Lan\nchibo3@example.vn,Chi bộ 3\n"
        (home / "recipients" / "le-chan.csv").write_text(people, encoding="utf-8-sig")
        (home / "recipients" / "an-bien.csv").write_text(
            "email,name\nhoa@example.vn,Hoa\n", encoding="utf-8-sig"
        )
        (home / "settings.toml").write_text(f'smtp_url = "{self.mailbox.url}"\n', encoding="utf-8")

    def write_slip(self):
        """Says what was wrong, and approves the slip."""
        path = self.folder / "output" / "bao-cao-vien" / "2026-W47-dc1" / "edition.md"
        text, found = re.subn(
            r"^Viết ở đây.*$", "Số trước ghi 12, đúng là 13.", path.read_text("utf-8"), flags=re.M
        )
        assert found == 1
        path.write_text(text, encoding="utf-8")
        self.type("digest approve bao-cao-vien/2026-W47-dc1")


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    """Everything typed; operations.md from the folder above, where its `--home ban-tin` is right."""
    folder = tmp_path_factory.mktemp("typed")
    with (
        start_newsroom(datetime.fromisoformat(NOW)) as room,
        start_mailbox(folder / "mailbox") as mailbox,
    ):
        window = Shell(folder, room, mailbox)
        for page in GUIDES:
            window.folder = folder if "--home ban-tin" in (ROOT / page).read_text("utf-8") else window.folder
            for line in lines(page):
                if not INSTALLING.match(line) and line not in window.said:
                    window.type(line)
        yield window


def test_the_workspace_has_what_the_guide_lists(shell):
    text = (ROOT / GUIDES[0]).read_text(encoding="utf-8")
    listed = text[text.index("Trong thư mục `ban-tin` có:") :].partition("Đặt thư mục này")[0]
    names = re.findall(r"^\| `([^`]+)` \|", listed, re.M)
    assert len(names) == 5
    assert [name for name in names if not (shell.folder / "ban-tin" / name).exists()] == []


def test_the_guides_were_typed_to_their_ends(shell):
    assert len(shell.said) > 35
    assert "bao-cao-vien/2026-W47" in shell.said["digest weekly"]
    assert re.search(r"  #\d+\n", shell.said['digest search "người có uy tín"'])
    assert "Đăng nhập bàn biên tập" in shell.said["digest serve --desk"]
    assert "Tìm" in shell.said["digest serve"]
    assert (
        "Gộp từ bao-cao-vien/2026-W47"
        in shell.said["digest draft chi-bo --period 2026-11 --meeting 2026-12-03"]
    )
    assert shell.said["digest admin verify"] == "✓ Mọi thứ nguyên vẹn.\n"


def test_the_center_sent_what_its_page_says(shell):
    sent = "digest send bao-cao-vien/2026-W47 --center le-chan"
    assert "Sẽ gửi cho 2 người" in shell.said[f"{sent} --dry-run"]
    assert "Đã gửi 2 thư · le-chan" in shell.said[sent]
    assert "Đã gửi 1 thư · an-bien" in shell.said[f"{sent} --center an-bien"]
    assert "Đã gửi 2 thư" in shell.said["digest send bao-cao-vien/2026-W47-dc1 --center le-chan"]
    assert "Đã viết 2 thư vào thu" in shell.said[f"{sent} --eml thu"]
    letters = sorted(shell.mailbox.folder.glob("*.eml"))
    assert len(letters) == 6  # two of the edition, one to try, one of the other center, two slips


def test_the_backup_of_the_operators_page_is_whole(shell):
    assert (shell.folder / "new-place" / "archive.sqlite3").exists()
    assert not list((shell.folder / "new-place" / "recipients").glob("*.csv"))
    assert "nguyên vẹn" in shell.said["digest --home new-place admin verify"]
