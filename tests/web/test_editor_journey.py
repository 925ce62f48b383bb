"""An editor's whole way in a real browser: from an empty desk to an approved edition in people's mailboxes."""

from __future__ import annotations

import socket
import threading

import pytest
import samples
from aiosmtpd.controller import Controller
from conftest import Served

from digest.jobs import accounts as job
from digest.jobs.session import opened
from digest.web.app import create_app

pytestmark = pytest.mark.browser
PASSWORD = "bốn từ không liên quan"


class Mailbox:
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.came = threading.Event()

    async def handle_DATA(self, _server, _session, envelope):
        self.letters.append(envelope.content)
        self.came.set()
        return "250 OK"


@pytest.fixture
def mailbox():
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        box.port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def desk(tmp_path, mailbox):
    workspace = samples.build(tmp_path / "home", fill=False, approve=False)
    workspace.recipients_dir.mkdir()
    (workspace.recipients_dir / "ben-thu.csv").write_text(
        "email,name\ndong.chi@nguoi-nhan.vn,Đồng chí Mẫu\n", encoding="utf-8"
    )
    (workspace.home / "settings.toml").write_text(
        f'smtp_url = "smtp://127.0.0.1:{mailbox.port}"\n', encoding="utf-8"
    )
    with opened(workspace) as session:
        job.put_user(session, "mau", name="Lê Thị Mẫu", role="approver", password=PASSWORD)
    served = Served(create_app(workspace, desk=True))
    served.workspace = workspace
    yield served
    served.close()


TITLE = "Lớp học buổi tối trong sân chùa Bến Thử"
STEP = "**/lam"


def enter(page, sound) -> None:
    page.goto("/bien-tap/")
    sound("log-in")
    page.get_by_label("Tên đăng nhập").fill("mau")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Vào bàn biên tập").click()
    sound("home")
    page.get_by_role("button", name="Soạn nháp từ gợi ý").click()
    page.get_by_role("heading", name="Gợi ý kỳ này").wait_for()
    sound("board")


def choose(page) -> None:
    """One article out, and in again from the suggestions."""
    with page.expect_response(STEP):
        page.get_by_role("button", name=f"Bỏ “{TITLE}”").click()
    page.get_by_role("button", name=f"Thêm “{TITLE}”").click()
    page.get_by_role("button", name=f"Bỏ “{TITLE}”").wait_for()


def quote_and_note(page, sound) -> None:
    """A sentence becomes an excerpt by one click; a note is saved."""
    page.get_by_role("link", name="Xã Đồng Mẫu: chức sắc và tín đồ các đạo cùng làm đường liên thôn").click()
    page.locator(".board-work").wait_for()
    sound("article at work")
    was = page.get_by_label("Đoạn qua ruộng nhà ông Hai phải đi vòng.").is_checked()
    with page.expect_response(STEP):
        page.locator("label.sentence", has_text="Đoạn qua ruộng nhà ông Hai").click()
    find = "document.querySelector('.sentence input[value^=\"Đoạn qua ruộng\"]')"
    page.wait_for_function(f"was => {find}.checked !== was", arg=was)
    page.wait_for_load_state("networkidle")
    page.get_by_label("Lời ban biên tập").fill("Con số này là của cả bốn thôn.")
    with page.expect_response(STEP):
        page.get_by_role("button", name="Lưu lời ghi").click()
    page.wait_for_function(
        "() => { const i = document.querySelector('img.sheet'); return i && i.complete && i.naturalWidth > 300; }"
    )


def approve_and_send(page, sound, mailbox) -> None:
    page.get_by_role("button", name="Dựng lại").click()
    page.get_by_text("Đã dựng").wait_for()
    page.get_by_role("button", name="Duyệt số này").click()
    page.get_by_text("Đã duyệt số 1").wait_for()
    sound("approved")
    page.get_by_label("Tôi đã xem lại và muốn gửi cho 1 người").check()
    page.get_by_role("button", name="Gửi", exact=True).click()
    assert mailbox.came.wait(30)
    page.get_by_text("Gửi xong.").wait_for(timeout=30_000)


@pytest.mark.parametrize("width", [360, 1280])
def test_from_an_empty_desk_to_a_letter_in_a_mailbox(chromium, desk, mailbox, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = chromium.new_context(viewport={"width": width, "height": 900}, base_url=desk.url)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    def sound(name: str) -> None:
        found = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert [
            f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found.response["violations"]
        ] == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    enter(page, sound)
    choose(page)
    quote_and_note(page, sound)
    edition = next(desk.workspace.output_dir.glob("bao-cao-vien/*/edition.md"))
    assert "Con số này là của cả bốn thôn." in edition.read_text(encoding="utf-8")
    approve_and_send(page, sound, mailbox)
    assert len(mailbox.letters) == 1 and b"List-Unsubscribe" in mailbox.letters[0]
    page.goto("/ban-tin")
    assert page.get_by_role("link", name="Bản tin báo cáo viên số 1").first.is_visible()
    assert all(url.startswith(desk.url) for url in asked if not url.startswith("data:"))
    context.close()
