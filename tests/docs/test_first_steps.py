"""What a newcomer meets before anything is set up: sample addresses, no network, empty lists, no `digest` to type."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from digest import clock
from digest.demo.newsroom import start_newsroom
from digest.demo.sources import sources_yaml

NOW = "2026-11-20T16:30:00+07:00"


def digest(where, *words, **more):
    """`digest` typed in a folder; standard output and error as one text, and the exit code."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DIGEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "digest", *words],
        cwd=where, env={**kept, "PYTHONUTF8": "1", "DIGEST_NOW": NOW, **more}, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=180,
    )  # fmt: skip
    return done.stdout, done.returncode


@pytest.fixture
def home(tmp_path):
    said, code = digest(tmp_path, "init", "ban-tin")
    assert code == 0, said
    return tmp_path / "ban-tin"


def change(path, *pairs):
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def test_addresses_of_the_sample_are_pointed_out_until_they_are_changed(home):
    said, code = digest(home, "check")
    assert code == 0
    assert "https://bantin.example.vn ở mục site là địa chỉ mẫu" in said
    assert "người gửi của trung tâm le-chan là địa chỉ mẫu" in said
    yaml = home / "sources.yaml"
    change(yaml, ("https://bantin.example.vn", "https://bantin.lechan.vn"))
    assert "địa chỉ mẫu" in digest(home, "check")[0]
    change(yaml, ("<bantin@example.vn>", "<bantin@lechan.vn>"))
    said, code = digest(home, "check")
    assert code == 0 and "địa chỉ mẫu" not in said


def test_without_a_network_the_report_does_not_propose_to_approve_nothing(home):
    yaml = home / "sources.yaml"
    text = yaml.read_text(encoding="utf-8")
    nowhere = "sources:\n  - {id: a, outlet: Báo Không Có, kind: feed, url: 'http://127.0.0.1:9/rss'}\n\n"
    text = re.sub(r"^sources:\n.*?(?=^topics:)", nowhere, text, flags=re.M | re.S)
    yaml.write_text(
        text.replace("  concurrency:", "  allow_private: [127.0.0.0/8]\n  concurrency:"), encoding="utf-8"
    )
    said, code = digest(home, "weekly")
    assert code == 3 and "0 trong 1 nguồn đã lấy được" in said
    steps = said.partition("Việc tiếp theo")[2]
    assert "digest check --live" in steps and "approve" not in said


def test_a_list_without_people_is_said_before_sending(home):
    with start_newsroom(clock.now()) as room:
        text = sources_yaml(room)
        (home / "sources.yaml").write_text(text, encoding="utf-8")
        listed = home / "recipients" / "ben-thu.csv"
        listed.write_text("email,name\n", encoding="utf-8")
        said, code = digest(home, "weekly", DIGEST_NOW=clock.now().isoformat())
    assert code == 0, said
    name = re.search(r"digest approve (\S+)", said)[1]
    assert digest(home, "approve", name)[1] == 0
    look = ("send", name, "--center", "ben-thu", "--dry-run")
    said, code = digest(home, *look)
    assert code == 0 and "Danh sách recipients/ben-thu.csv chưa có ai" in said
    listed.write_text("email,name\nhoa@thu.test,Hoa\n", encoding="utf-8")
    said, _code = digest(home, *look)
    assert "chưa có ai" not in said and "Sẽ gửi cho 1 người" in said


def test_the_demo_says_what_can_be_typed_where_digest_is_on_no_path(tmp_path):
    said, code = digest(tmp_path, "demo", PATH=os.defpath, DIGEST_NOW=NOW)
    assert code == 0
    (line,) = re.findall(r"^ *(\S+ -m digest --home demo-workspace search ton giao)", said, re.M)
    python = Path(line.split(" ")[0])
    assert python.is_file()
    found, code = digest(tmp_path, *line.split(" ")[3:])
    assert code == 0 and "bài về “ton giao”" in found


@pytest.mark.parametrize("words", [("serve", "--port", "0"), ("admin", "verify"), ("status",), ("weekly",)])
def test_a_mistyped_folder_is_neither_filled_nor_served(tmp_path, words):
    said, code = digest(tmp_path, "--home", "ban-tim", *words)
    assert code == 2 and "chưa có sources.yaml. Gõ: digest init" in said
    assert not (tmp_path / "ban-tim").exists()
