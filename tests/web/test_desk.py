"""The desk: who may enter, what editors do, and that nothing of theirs or of others' is ever overwritten."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import samples
import valid

from digest.bulletin.edition import Edition, parse
from digest.jobs import accounts as job
from digest.jobs.session import opened
from digest.storage import accounts, audit
from digest.storage.engine import Archive

PASSWORD = "bốn từ không liên quan"
EDITION = "bao-cao-vien/2026-W48"


@pytest.fixture(scope="session")
def desk_home(tmp_path_factory):
    """A workspace with accounts, made once: hashing passwords takes time."""
    workspace = samples.build(tmp_path_factory.mktemp("desk") / "home", approve=False)
    with opened(workspace) as session:
        for login, role in (("mau", "editor"), ("duyet", "approver"), ("quan", "admin")):
            job.put_user(session, login, name=f"Lê Thị {login.title()}", role=role, password=PASSWORD)
        job.put_user(
            session, "trung-tam", name="Trung tâm", role="center", password=PASSWORD, center="ben-thu"
        )
    return workspace


@pytest.fixture
def home(desk_home, tmp_path):
    import shutil

    from digest.workspace import Workspace

    shutil.copytree(desk_home.home, tmp_path / "home")
    return Workspace(tmp_path / "home")


class Editor:
    """Somebody at the desk, as a browser without script."""

    def __init__(self, client, login: str = "", password: str = PASSWORD) -> None:
        self.client = client
        if login:
            answer = client.post("/bien-tap/vao", data={"login": login, "password": password})
            assert answer.status_code == 303, answer.get_data(as_text=True)

    def page(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path, follow_redirects=True)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def csrf(self) -> str:
        return re.search(r'name="csrf" value="([0-9a-f]+)"', self.page("/bien-tap/"))[1]

    def post(self, path: str, **data):
        return self.client.post(path, data={"csrf": self.csrf(), **data})

    def mark(self, edition: str = EDITION) -> str:
        return re.search(r'name="moc" value="([0-9a-f]+)"', self.page(f"/bien-tap/so/{edition}"))[1]

    def step(self, action: str, edition: str = EDITION, mark: str = "", **data):
        return self.post(f"/bien-tap/so/{edition}/lam", lam=action, moc=mark or self.mark(edition), **data)


@pytest.fixture
def editor(home, make_client):
    one = Editor(make_client(home, desk=True), "mau")
    one.post("/bien-tap/soan", bulletin="bao-cao-vien", period="2026-W48")
    return one


def text_of(home) -> str:
    return (home.edition_dir(EDITION) / "edition.md").read_text(encoding="utf-8")


def articles_of(home) -> list[int]:
    return [item.article for item in parse(text_of(home)).items]


# --- the door ---------------------------------------------------------------------------------


def test_there_is_no_desk_unless_it_is_asked_for(client):
    assert client.get("/bien-tap/").status_code == 404
    assert client.post("/bien-tap/vao", data={"login": "mau", "password": PASSWORD}).status_code in (404, 405)


def test_everything_at_the_desk_needs_an_account(home, make_client):
    client = make_client(home, desk=True)
    for path in (
        "/bien-tap/",
        f"/bien-tap/so/{EDITION}",
        "/bien-tap/nhat-ky",
        f"/bien-tap/gui/{EDITION}",
        "/bien-tap/bai/1",
        f"/bien-tap/so/{EDITION}/trang/1.png",
    ):
        answer = client.get(path)
        assert answer.status_code == 303 and answer.headers["Location"] == "/bien-tap/vao", path
        assert answer.headers["Cache-Control"] == "no-store"


def test_readers_get_no_cookie_even_where_the_desk_is_on(home, make_client):
    client = make_client(home, desk=True)
    for path in ("/", "/bai/1", "/bien-tap/vao"):
        assert "Set-Cookie" not in client.get(path).headers


def test_logging_in_makes_a_new_session_each_time(home, make_client):
    client = make_client(home, desk=True)
    client.set_cookie("ban", "chosen-by-a-stranger")
    answer = client.post("/bien-tap/vao", data={"login": "mau", "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    first = re.search(r"ban=([^;]+)", cookie)[1]
    assert first != "chosen-by-a-stranger" and len(first) >= 40
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    client.set_cookie("ban", first)
    again = client.post("/bien-tap/vao", data={"login": "mau", "password": PASSWORD})
    second = re.search(r"ban=([^;]+)", again.headers["Set-Cookie"])[1]
    assert second != first
    other = make_client(home, desk=True)
    other.set_cookie("ban", first)
    assert other.get("/bien-tap/").status_code == 303  # the old session has ended


def test_the_archive_keeps_neither_passwords_nor_tokens(editor, home):
    archive = Archive.open(home.database_url())
    with archive.reading() as conn:
        account = accounts.get(conn, "mau")
        rows = conn.exec_driver_sql("SELECT token_hash FROM sessions").all()
    archive.close()
    assert account.password_hash.startswith("$argon2id$") and PASSWORD not in account.password_hash
    assert all(re.fullmatch("[0-9a-f]{64}", row[0]) for row in rows)


def test_guessing_is_stopped_for_a_while(home, make_client, monkeypatch):
    client = make_client(home, desk=True)
    for _ in range(5):
        assert (
            client.post("/bien-tap/vao", data={"login": "duyet", "password": "sai rồi nhé"}).status_code
            == 403
        )
    assert client.post("/bien-tap/vao", data={"login": "duyet", "password": PASSWORD}).status_code == 403
    monkeypatch.setenv("DIGEST_NOW", (samples.NOW + timedelta(minutes=16)).isoformat())
    assert client.post("/bien-tap/vao", data={"login": "duyet", "password": PASSWORD}).status_code == 303


def test_wrong_name_and_wrong_password_sound_the_same(home, make_client):
    client = make_client(home, desk=True)
    wrong = [
        client.post("/bien-tap/vao", data={"login": name, "password": "sai rồi nhé"})
        for name in ("mau", "khong-ai")
    ]
    texts = [re.sub(r'value="[a-z-]*"', "", one.get_data(as_text=True)) for one in wrong]
    assert texts[0] == texts[1] and wrong[0].status_code == wrong[1].status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_other_sites_cannot_post(editor, home, headers):
    before = text_of(home)
    data = {"csrf": editor.csrf(), "lam": "bo", "bai": articles_of(home)[0], "moc": editor.mark()}
    assert editor.client.post(f"/bien-tap/so/{EDITION}/lam", data=data, headers=headers).status_code == 403
    assert text_of(home) == before


def test_a_form_without_its_token_is_refused(editor, home, make_client):
    before = text_of(home)
    other = Editor(make_client(home, desk=True), "duyet").csrf()
    for token in ("", "0" * 64, other):
        data = {"csrf": token, "lam": "bo", "bai": articles_of(home)[0], "moc": editor.mark()}
        assert editor.client.post(f"/bien-tap/so/{EDITION}/lam", data=data).status_code == 403
    assert text_of(home) == before


def test_passwords_do_not_travel_in_the_clear(home, make_client):
    client = make_client(home, desk=True)
    far = {"REMOTE_ADDR": "192.168.1.50"}
    assert client.get("/bien-tap/vao", environ_overrides=far).status_code == 403
    assert client.get("/cach-tim", environ_overrides=far).status_code == 200


def test_roles_bound_what_one_may_do(editor, home, make_client):
    assert editor.post(f"/bien-tap/so/{EDITION}/duyet", moc=editor.mark()).status_code == 403
    assert editor.client.get("/bien-tap/nhat-ky").status_code == 403
    center = Editor(make_client(home, desk=True), "trung-tam")
    assert center.client.get(f"/bien-tap/so/{EDITION}").status_code == 403
    assert center.client.get("/bien-tap/bai/1").status_code == 403


def test_logging_out_ends_the_session(editor):
    assert editor.post("/bien-tap/ra").status_code == 303
    assert editor.client.get("/bien-tap/").status_code == 303


def test_a_shut_account_is_out_at_once(editor, home):
    with opened(home) as session:
        job.set_active(session, "mau", False)
    assert editor.client.get("/bien-tap/").status_code == 303


# --- the board ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/bien-tap/",
        f"/bien-tap/so/{EDITION}",
        f"/bien-tap/so/{EDITION}?bai=6&xem=mang",
        "/bien-tap/bai/6",
        f"/bien-tap/so/{EDITION}?muc=Dân tộc&xem=thu",
    ],
)
def test_every_page_of_the_desk_is_valid_html(editor, path):
    assert valid.faults(editor.page(path)) == []


def test_login_is_valid_html(home, make_client):
    assert valid.faults(make_client(home, desk=True).get("/bien-tap/vao").get_data(as_text=True)) == []


def test_suggestions_say_why_and_how_long(editor):
    html = editor.page(f"/bien-tap/so/{EDITION}?muc=Tôn giáo")
    assert "Gợi ý kỳ này" in html and "Đã chọn" in html
    assert re.search(r"<strong>\d+</strong> trên 15 phút", html)


def test_an_article_is_taken_out_and_put_in_again(editor, home):
    first = articles_of(home)[0]
    editor.step("bo", bai=first)
    assert first not in articles_of(home)
    editor.step("them", bai=first, vao="Tôn giáo")
    assert first in articles_of(home)
    sections = {
        section.name: [item.article for item in section.items] for section in parse(text_of(home)).sections
    }
    assert first in sections["Tôn giáo"]


def test_articles_are_ordered_by_buttons_and_by_dragging(editor, home):
    before = articles_of(home)
    editor.step("xuong", bai=before[0])
    assert articles_of(home)[:2] == [before[1], before[0]]
    editor.step("len", bai=before[0])
    assert articles_of(home) == before
    editor.step("keo", bai=before[-1], section=0, place=0)
    assert articles_of(home)[0] == before[-1]


def test_ticked_sentences_become_excerpts_with_gaps_marked(editor, home):
    sentences = [
        "Sáng nào ông trùm họ đạo cũng đến trước, mang theo ấm nước và hai cái xẻng.",
        "Xã đã vận động được 118 hộ hiến 3.260 m² đất, trong đó 37 hộ là đồng bào có đạo.",
    ]
    if 6 not in articles_of(home):
        editor.step("them", bai=6, vao="Tôn giáo")
    assert all(sentence in editor.page(f"/bien-tap/so/{EDITION}?bai=6") for sentence in sentences)
    editor.step("trich", bai=6, cau=sentences)
    item = next(item for item in parse(text_of(home)).items if item.article == 6)
    assert [one.text for one in item.excerpts] == [sentences[0], None, sentences[1]]
    assert "Đoạn trích khớp từng chữ" in editor.page(f"/bien-tap/so/{EDITION}")


def test_a_sentence_that_the_article_has_not_is_never_quoted(editor, home):
    if 6 not in articles_of(home):
        editor.step("them", bai=6, vao="Tôn giáo")
    editor.step("trich", bai=6, cau=["Câu này do ai đó bịa ra."])
    assert "bịa ra" not in text_of(home)


def test_notes_are_kept_as_typed(editor, home):
    article = articles_of(home)[0]
    note = "Khi kể nên nói **rõ**.\n\n- một\n- hai <script>alert(1)</script>\n## không phải mục"
    editor.step("ghi", bai=article, loi=note)
    editor.step("loi-dau", loi="Lời đầu số.")
    edition = parse(text_of(home))
    assert next(item for item in edition.items if item.article == article).note == note
    assert edition.foreword == "Lời đầu số."
    assert "<script>alert(1)" not in editor.page(f"/bien-tap/so/{EDITION}?bai={article}")


def test_the_preview_is_shut_in_a_sandbox(editor):
    for mode in ("mang", "thu"):
        answer = editor.client.get(f"/bien-tap/so/{EDITION}/xem/{mode}.html")
        assert answer.status_code == 200 and answer.headers["Content-Security-Policy"].startswith("sandbox;")
    picture = editor.client.get(f"/bien-tap/so/{EDITION}/trang/1.png")
    assert picture.data.startswith(b"\x89PNG") and picture.headers["Cache-Control"] == "no-store"
    assert editor.client.get(f"/bien-tap/so/{EDITION}/trang/99.png").status_code == 404


# --- the file edited outside ----------------------------------------------------------------


def edit_outside(home, old: str, new: str) -> None:
    path = home.edition_dir(EDITION) / "edition.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


@pytest.fixture
def conflict(editor, home):
    """The desk adds a foreword and drops an article while someone changes a word of an excerpt in the file."""
    if 6 not in articles_of(home):
        editor.step("them", bai=6, vao="Tôn giáo")
    editor.step("trich", bai=6, cau=["Đoạn qua ruộng nhà ông Hai phải đi vòng."])
    editor.step("ghi", bai=6, loi="Lời ghi trên bàn.")
    mark = editor.mark()
    edit_outside(home, "> Đoạn qua ruộng nhà ông Hai", "> Đoạn qua ruộng nhà ông Ba")
    edit_outside(home, "Lời ghi trên bàn.", "Lời ghi trong tệp.")
    answer = editor.step("loi-dau", mark=mark, loi="Lời đầu của bàn.")
    assert answer.headers["Location"].endswith("/khac-biet")
    return editor


def test_a_file_edited_outside_is_never_overwritten(conflict, home):
    text = text_of(home)
    assert "ông Ba" in text and "Lời ghi trong tệp." in text and "Lời đầu của bàn." not in text
    html = conflict.page(f"/bien-tap/so/{EDITION}")
    assert "Tệp đã được sửa ngoài, xem khác biệt" in html and "Có 3 chỗ khác nhau." in html
    assert valid.faults(html) == []


def test_a_faulty_side_cannot_be_chosen(conflict, home):
    html = conflict.page(f"/bien-tap/so/{EDITION}/khac-biet")
    assert re.search(r"Lỗi ở dòng \d+:", html) and "chưa chọn được vì có lỗi" in html
    assert re.search(r'name="c:excerpts:6" value="file" disabled', html)
    mark = re.search(r'name="moc" value="([0-9a-f]+)"', html)[1]
    conflict.post(
        f"/bien-tap/so/{EDITION}/khac-biet",
        cach="ghep",
        moc=mark,
        **{"c:excerpts:6": "file", "c:note:6": "file", "c:foreword": "desk"},
    )
    text = text_of(home)
    assert "> Đoạn qua ruộng nhà ông Hai phải đi vòng." in text
    assert "Lời ghi trong tệp." in text and "Lời đầu của bàn." in text


@pytest.mark.parametrize(
    ("way", "there", "gone"), [("tep", "ông Ba", "Lời đầu của bàn."), ("ban", "Lời đầu của bàn.", "ông Ba")]
)
def test_one_side_is_taken_whole_and_the_other_kept_beside(conflict, home, way, there, gone):
    html = conflict.page(f"/bien-tap/so/{EDITION}/khac-biet")
    mark = re.search(r'name="moc" value="([0-9a-f]+)"', html)[1]
    conflict.post(f"/bien-tap/so/{EDITION}/khac-biet", cach=way, moc=mark)
    assert there in text_of(home) and gone not in text_of(home)
    beside = [path.read_text(encoding="utf-8") for path in home.edition_dir(EDITION).glob("edition-*.md")]
    assert any(gone in text for text in beside)


def test_a_file_that_changed_once_more_is_shown_again(conflict, home):
    html = conflict.page(f"/bien-tap/so/{EDITION}/khac-biet")
    mark = re.search(r'name="moc" value="([0-9a-f]+)"', html)[1]
    edit_outside(home, "ông Ba", "ông Bốn")
    answer = conflict.post(f"/bien-tap/so/{EDITION}/khac-biet", cach="ban", moc=mark)
    assert answer.headers["Location"].endswith("/khac-biet") and "ông Bốn" in text_of(home)


def test_a_file_that_cannot_be_read_says_where(editor, home):
    edit_outside(home, "## Tôn giáo", "##Tôn giáo")
    html = editor.page(f"/bien-tap/so/{EDITION}")
    assert re.search(r"edition\.md, dòng \d+", html) and "Chưa có gì bị mất" in html
    assert valid.faults(html) == []


def test_a_cell_of_an_article_that_is_not_there_is_a_fault_on_the_board(editor, home):
    path = home.edition_dir(EDITION) / "edition.md"
    rows = "| Việc | Nơi |\n| --- | --- |\n| {article=99999 revision=1} Không có đâu | |\n"
    path.write_text(text_of(home) + "\n## Văn bản mới\n\n" + rows, encoding="utf-8", newline="\n")
    html = editor.page(f"/bien-tap/so/{EDITION}")
    assert "Kho không có bài 99999" in html and valid.faults(html) == []
    assert "Không có đâu" not in editor.page(f"/bien-tap/so/{EDITION}/xem/mang.html")


# --- build, approve, look ------------------------------------------------------------------


def test_building_and_approving(editor, home, make_client):
    assert editor.post(f"/bien-tap/so/{EDITION}/dung").status_code == 303
    assert (home.edition_dir(EDITION) / "bao-cao-vien-2026-W48.pdf").read_bytes().startswith(b"%PDF")
    approver = Editor(make_client(home, desk=True), "duyet")
    answer = approver.post(f"/bien-tap/so/{EDITION}/duyet", moc=approver.mark())
    assert answer.headers["Location"] == f"/bien-tap/gui/{EDITION}"
    html = approver.page(f"/bien-tap/gui/{EDITION}")
    assert "Đã duyệt số 1" in html and valid.faults(html) == []
    assert "Bản tin báo cáo viên số 1" in approver.page("/ban-tin")
    assert editor.step("bo", mark="0" * 64, bai=6).status_code == 400  # approved: it does not change any more


def test_what_was_not_looked_at_is_not_approved(editor, home, make_client):
    approver = Editor(make_client(home, desk=True), "duyet")
    mark = approver.mark()
    editor.step("loi-dau", loi="Thêm vào sau khi người duyệt đã xem.")
    assert approver.post(f"/bien-tap/so/{EDITION}/duyet", moc=mark).status_code == 400
    archive = Archive.open(home.database_url())
    with archive.reading() as conn:
        from digest.storage import editions

        assert editions.get(conn, EDITION) is None
    archive.close()


def test_another_hand_must_approve_where_it_is_set_so(home, make_client):
    (home.home / "settings.toml").write_text('two_hands = "1"\n', encoding="utf-8")
    approver = Editor(make_client(home, desk=True), "duyet")
    approver.post("/bien-tap/soan", bulletin="bao-cao-vien", period="2026-W48")
    approver.step("loi-dau", loi="Tôi sửa.")
    assert "Bạn đã sửa số này, người khác phải duyệt" in approver.page(f"/bien-tap/so/{EDITION}")
    assert approver.post(f"/bien-tap/so/{EDITION}/duyet", moc=approver.mark()).status_code == 400
    other = Editor(make_client(home, desk=True), "quan")
    assert other.post(f"/bien-tap/so/{EDITION}/duyet", moc=other.mark()).status_code == 303


def test_taggings_are_corrected_and_the_index_follows(editor):
    editor.post("/bien-tap/bai/7", topic=["dan-toc"])
    html = editor.page("/bai/7")
    assert "biên tập viên gắn tay" in html
    hits = editor.client.get("/api/v1/search?q=lớp học buổi tối&topic=dan-toc").get_json()["hits"]
    assert 7 in [hit["id"] for hit in hits]
    hits = editor.client.get("/api/v1/search?q=lớp học buổi tối&topic=ton-giao").get_json()["hits"]
    assert 7 not in [hit["id"] for hit in hits]


def test_everything_is_in_the_audit_log(editor, home, make_client):
    editor.step("loi-dau", loi="Một lời.")
    approver = Editor(make_client(home, desk=True), "duyet")
    html = approver.page("/bien-tap/nhat-ky")
    assert "soạn nháp" in html and "đăng nhập" in html and EDITION in html
    assert valid.faults(html) == []
    archive = Archive.open(home.database_url())
    with archive.reading() as conn:
        deeds = [deed for _number, deed in audit.recent(conn, 50)]
    archive.close()
    assert {"draft", "step", "login", "user-made"} <= {deed.action for deed in deeds}
    assert PASSWORD not in str(deeds)


def test_a_slip_of_words_alone_may_be_approved():
    from dataclasses import replace

    from digest.jobs.approval import empty
    from digest.jobs.dossier import TO_WRITE

    day = samples.NOW.date()
    bare = Edition("bao-cao-vien/2026-W48", "Số 1", day, day)
    slip = replace(bare, corrects="bao-cao-vien/2026-W47", foreword="Số trên in 45 hộ, đúng là 46 hộ.")
    assert empty(bare) and not empty(slip) and empty(replace(slip, foreword=TO_WRITE))
