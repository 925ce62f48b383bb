"""The home folder: settings, the secret key, the writer lock, safe names, atomic writes."""

import os
import stat
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import DigestError, FileFaults, LockedError, UsageError
from digest.workspace import Workspace, atomic_write, safe_name


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("DIGEST_")]:
        monkeypatch.delenv(name)
    return Workspace(tmp_path)


def test_settings_come_from_the_environment_then_the_file(home, monkeypatch):
    home.settings_path.write_text(
        'smtp_url = "smtp://file"\nlang = "en"\nport = 25\ntls = true\n', encoding="utf-8"
    )
    assert home.setting("DIGEST_SMTP_URL") == "smtp://file"
    assert (home.setting("DIGEST_PORT"), home.setting("DIGEST_TLS")) == ("25", "true")
    monkeypatch.setenv("DIGEST_SMTP_URL", "smtp://environment")
    assert home.setting("DIGEST_SMTP_URL") == "smtp://environment"
    assert home.setting("DIGEST_NOTHING") is None
    assert home.setting("DIGEST_NOTHING", "x") == "x"


def test_a_wrong_settings_file_is_told_by_line(home):
    home.settings_path.write_text('lang = "vi"\nsmtp_url = smtp://x\n', encoding="utf-8")
    with pytest.raises(FileFaults) as caught:
        home.setting("DIGEST_LANG")
    assert [fault.line for fault in caught.value.faults] == [2]


def test_settings_saved_by_notepad_with_a_byte_order_mark_are_read(home):
    home.settings_path.write_bytes('\ufefflang = "en"\r\n'.encode())
    assert home.setting("DIGEST_LANG") == "en"


def test_each_center_may_have_its_own_mail_server(home, monkeypatch):
    assert home.smtp_url("le-chan") is None
    monkeypatch.setenv("DIGEST_SMTP_URL", "smtp://all")
    monkeypatch.setenv("DIGEST_SMTP_URL_BEN_THU", "smtp://one")
    assert home.smtp_url("ben-thu") == "smtp://one"
    assert home.smtp_url("dong-mau") == "smtp://all"


def test_the_archive_is_in_the_home_folder_unless_told_otherwise(home, monkeypatch):
    assert home.database_url() == f"sqlite:///{home.home.as_posix()}/archive.sqlite3"
    monkeypatch.setenv("DIGEST_DATABASE_URL", "postgresql+psycopg://x/y")
    assert home.database_url() == "postgresql+psycopg://x/y"


def test_the_secret_key_is_made_once_and_for_its_owner_alone(home):
    key = home.secret_key()
    assert len(key) >= 32
    assert home.secret_key() == key == Workspace(home.home).secret_key()
    if os.name != "nt":
        assert stat.S_IMODE(home.key_path.stat().st_mode) == 0o600


def test_threads_that_want_the_first_key_get_the_same(home):
    keys = []
    threads = [threading.Thread(target=lambda: keys.append(home.secret_key())) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8 and len(set(keys)) == 1


def test_an_empty_or_short_key_is_refused(home, monkeypatch):
    home.key_path.write_text("", encoding="ascii")
    with pytest.raises(UsageError, match="quá ngắn"):
        home.secret_key()
    monkeypatch.setenv("DIGEST_SECRET_KEY", "abc")
    with pytest.raises(UsageError, match="quá ngắn"):
        home.secret_key()


HOLDER = """
    import sys
    from pathlib import Path
    from digest.workspace import Workspace
    with Workspace(Path(sys.argv[1])).lock("lấy tin"):
        print("held", flush=True)
        sys.stdin.read()
"""


def hold(home):
    command = [sys.executable, "-X", "utf8", "-c", textwrap.dedent(HOLDER), str(home.home)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    return holder


def test_another_process_is_named_with_what_it_does(home):
    holder = hold(home)
    with pytest.raises(LockedError, match=rf"lấy tin \(tiến trình {holder.pid}\)"), home.lock("tìm"):
        pytest.fail("two held the lock")
    holder.communicate()
    with home.lock("tìm"):
        pass


def test_a_killed_holder_holds_nothing(home):
    holder = hold(home)
    holder.kill()
    holder.communicate()
    with home.lock("dựng"):
        assert home.lock("dựng")


def test_the_same_thread_may_enter_again_and_others_may_not(home):
    refused = []

    def other():
        try:
            with home.lock("khác"):
                refused.append(False)
        except LockedError:
            refused.append(True)

    def in_a_thread():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()

    with home.lock("một"), Workspace(home.home).lock("hai"):
        in_a_thread()
    in_a_thread()
    assert refused == [True, False]


def test_the_lock_is_let_go_after_an_exception(home):
    with pytest.raises(RuntimeError), home.lock("hỏng"):
        raise RuntimeError
    with home.lock("lại"):
        pass
    assert [path.name for path in home.home.iterdir() if "holder" in path.name] == []


def test_edition_folders(home):
    assert home.edition_dir("bao-cao-vien/2026-W47") == home.output_dir / "bao-cao-vien" / "2026-W47"
    dossier = home.edition_dir("chuyen-de-ton-giao/2026-11-01_2026-11-30")
    assert (
        home.relative(dossier / "edition.md") == "output/chuyen-de-ton-giao/2026-11-01_2026-11-30/edition.md"
    )


@pytest.mark.parametrize(
    "id",
    [
        "",
        "a",
        "a/b/c",
        "../x",
        "a/..",
        "a/../../b",
        "/etc/passwd",
        "a\\b",
        "a/b\n",
        "con/2026-W47",
        "a/nul",
        "A/b",
        "a/ b",
    ],
)
def test_unsafe_edition_ids_are_refused(home, id):
    with pytest.raises(UsageError):
        home.edition_dir(id)


def test_a_write_replaces_the_whole_file_or_nothing(tmp_path, monkeypatch):
    path = tmp_path / "sâu" / "bản tin.txt"
    atomic_write(path, b"old")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DigestError, match="Đĩa đã đầy"):
        atomic_write(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    atomic_write(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_file_open_in_a_viewer_is_tried_again_then_told(tmp_path, monkeypatch):
    path, tries, real = tmp_path / "edition.pdf", [], Path.replace

    def busy(self, target):
        tries.append(target)
        if len(tries) < 3:
            raise PermissionError(13, "Access is denied")
        return real(self, target)

    monkeypatch.setattr("digest.workspace.time.sleep", lambda _seconds: None)
    monkeypatch.setattr(Path, "replace", busy)
    atomic_write(path, b"pdf")
    assert (path.read_bytes(), len(tries)) == (b"pdf", 3)
    tries[:] = [None] * -99
    monkeypatch.setattr(
        Path, "replace", lambda self, target: (_ for _ in ()).throw(PermissionError(13, "denied"))
    )
    with pytest.raises(DigestError, match="đóng lại"):
        atomic_write(path, b"new")
    assert path.read_bytes() == b"pdf"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bản tin báo cáo viên số 12", "Ban-tin-bao-cao-vien-so-12"),
        ("Đồng Mẫu/../x", "Dong-Mau-..-x"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("…", "khong-ten"),
        (" .hidden. ", "hidden"),
    ],
)
def test_safe_names(text, name):
    assert safe_name(text) == name


@given(st.text())
def test_any_text_makes_a_name_every_system_takes(text):
    name = safe_name(text)
    assert name.isascii() and 0 < len(name) <= 101
    assert not set(name) & set('/\\:*?"<>| \n\0')
    assert name not in (".", "..") and not name.endswith((".", " "))
    assert safe_name(name) == name
