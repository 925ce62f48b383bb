"""A small workspace of invented communes for the tests of the web view: articles, topics, index, one edition."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digest import config
from digest.bulletin.edition import Edition, Item, Quote, Section, write
from digest.jobs.session import opened
from digest.model import Content, Tagging
from digest.search import index, serving
from digest.storage import articles, editions, stories, taggings
from digest.workspace import Workspace

NOW = datetime(2026, 11, 24, 3, 47, tzinfo=UTC)

SOURCES = """\
format: 1
site: {name: Bản tin cập nhật kiến thức, url: https://bantin.example.vn}
sources:
  - {id: song-van, outlet: Báo Sông Vân, kind: feed, url: https://baosongvan.example/rss}
  - {id: ly-luan, outlet: Tạp chí Lý luận Sông Vân, kind: feed, url: https://lyluan.example/rss}
  - {id: ben-thu, outlet: Đài Phát thanh Bến Thử, kind: feed, url: https://daibenthu.example/rss}
  - {id: ha-son, outlet: Báo Hạ Sơn, kind: feed, url: https://baohason.example/rss, show: full}
  - {id: dong-mau, outlet: Báo Đồng Mẫu, kind: feed, url: https://baodongmau.example/rss, show: link}
topics:
  - {id: dan-toc, name: Dân tộc, query: '"người có uy tín" OR "già làng" OR "dân tộc"'}
  - {id: xay-dung-dang, name: Xây dựng Đảng, query: '"chi bộ" OR "đảng viên"'}
  - {id: ton-giao, name: Tôn giáo, query: '"tôn giáo" OR "chức sắc" OR "chùa"'}
  - {id: chuyen-doi-so, name: Chuyển đổi số, query: '"chuyển đổi số"'}
bulletins:
  - id: bao-cao-vien
    name: Bản tin báo cáo viên
    audience: Báo cáo viên
    publisher: Trung tâm chính trị phường Bến Thử
    letterhead: {style: party, lines: [ĐẢNG BỘ PHƯỜNG BẾN THỬ, TRUNG TÂM CHÍNH TRỊ], place: Sông Vân}
    cadence: weekly
    sections: {ton-giao: 3, dan-toc: 3}
    minutes: 15
    formats: [html, pdf, docx, txt]
    imprint: Giấy phép xuất bản bản tin số 00/GP-MAU
centers:
  - {id: ben-thu, name: Trung tâm chính trị phường Bến Thử, sender: bantin@example.vn, recipients: recipients/ben-thu.csv, bulletins: [bao-cao-vien]}
"""

KHE_MAU = (
    "Ông Triệu Văn Mẫu, người có uy tín của bản, đến từng nhà giải thích vì sao phải giữ rừng. Sau hai năm, xã Đồng Mẫu không còn vụ vi phạm nào; uy tín của ông lớn dần theo từng vạt cây.",
    "Ông Mẫu không nói nhiều. Ông dắt từng nhà ra khe nước, chỉ vào chỗ năm trước còn cạn.",
    "Từ năm 2024 đến nay, 45 hộ ở bản Khe Mẫu đã nhận khoán 312 ha rừng, mỗi hộ thêm khoảng 9,4 triệu đồng một năm.",
)


def sample(
    title: str, outlet: str, day: str, lead: str, *paragraphs: str, author: str = "", topics: str = ""
) -> dict:
    return {
        "title": title,
        "outlet": outlet,
        "day": day,
        "lead": lead,
        "paragraphs": paragraphs,
        "author": author,
        "topics": topics.split(),
    }


SAMPLES = [
    sample(
        "Người có uy tín ở bản Khe Mẫu vận động bà con giữ rừng đầu nguồn",
        "song-van",
        "2026-11-19",
        "Hai năm liền xã Đồng Mẫu không có vụ phá rừng nào. Người dân nói đó là nhờ một cụ già đi bộ.",
        *KHE_MAU,
        author="Hoài Mẫu",
        topics="dan-toc xay-dung-dang",
    ),
    sample(
        "Xã Đồng Mẫu gặp mặt chức sắc, người có uy tín nhân Ngày hội Đại đoàn kết",
        "ben-thu",
        "2026-11-18",
        "Hơn 60 chức sắc, chức việc và người có uy tín trong vùng đồng bào có đạo đã nêu 14 ý kiến về đường liên thôn, nước sạch và lớp học buổi tối.",
        "Buổi gặp mặt diễn ra trong hai giờ ở nhà văn hóa xã, không có bài phát biểu nào dài quá năm phút.",
        topics="ton-giao dan-toc",
    ),
    sample(
        "Phát huy vai trò già làng, trưởng bản trong xây dựng nông thôn mới",
        "ly-luan",
        "2026-11-12",
        "Từ kinh nghiệm ở bốn xã cho thấy lời nói của người có uy tín chỉ bền khi đi cùng việc làm: hiến đất trước, góp công trước, kê khai trước.",
        *[
            "Ở mỗi xã, nhóm khảo sát đã gặp già làng, trưởng bản và cán bộ mặt trận để hỏi chuyện trong nhiều buổi, ghi lại từng việc làm được và chưa làm được."
        ]
        * 14,
        topics="dan-toc",
    ),
    sample(
        "Bến Thử lấy ý kiến người có uy tín về nghị quyết chuyển đổi số",
        "ha-son",
        "",
        "Dự thảo được đọc to tại nhà văn hóa. Nhiều người có uy tín đề nghị mỗi khu phố có một tổ giúp người cao tuổi dùng dịch vụ công trên điện thoại.",
        "Tổ giúp việc gồm đoàn viên và giáo viên đã nghỉ hưu, mỗi tối trực hai giờ ở nhà văn hóa.",
        "Phường sẽ cho chạy thử ở ba khu phố trước khi ban hành.",
        topics="dan-toc chuyen-doi-so",
    ),
    sample(
        "Cụ già giữ rừng ở Khe Mẫu",
        "dong-mau",
        "2026-11-19",
        "Chuyện cụ Mẫu, người có uy tín của bản Khe Mẫu.",
        *KHE_MAU,
        topics="dan-toc",
    ),
    sample(
        "Xã Đồng Mẫu: chức sắc và tín đồ các đạo cùng làm đường liên thôn",
        "song-van",
        "2026-11-18",
        "Con đường 2,4 km nối bốn thôn của xã Đồng Mẫu hoàn thành sau 40 ngày, một phần ba công sức do bà con có đạo góp.",
        "Sáng nào ông trùm họ đạo cũng đến trước, mang theo ấm nước và hai cái xẻng. Người nhà chùa đến sau nửa giờ, mang theo xôi.",
        "Đoạn qua ruộng nhà ông Hai phải đi vòng.",
        "Xã đã vận động được 118 hộ hiến 3.260 m² đất, trong đó 37 hộ là đồng bào có đạo.",
        topics="ton-giao",
    ),
    sample(
        "Lớp học buổi tối trong sân chùa Bến Thử",
        "ben-thu",
        "2026-11-17",
        "Ba tối một tuần, sân chùa sáng đèn cho hai mươi sáu học sinh là con công nhân ở trọ.",
        "Sư thầy lo bàn ghế và bữa cháo, đoàn phường lo người dạy. Phụ huynh chỉ phải lo một việc: đón con đúng giờ.",
        topics="ton-giao",
    ),
    sample(
        "Chi bộ khu phố 3 sinh hoạt chuyên đề về chữ quốc ngữ",
        "ha-son",
        "2026-11-02",
        "Buổi sinh hoạt bắt đầu bằng một bài thơ viết trên bảng phấn, rồi từng đảng viên kể mình học chữ ra sao.",
        "Chi bộ có 31 đảng viên, người cao tuổi nhất đã 88 tuổi. Cụ kể chuyện học bình dân học vụ dưới ánh đèn dầu.",
        topics="xay-dung-dang",
    ),
]

MONTHS = [12, 16, 10, 20, 24, 15, 18, 14, 17, 24, 32, 40]


def filler() -> list[dict]:
    """Short articles over a year, so that months, pages and outlets have something to count."""
    made = []
    outlets = ["song-van", "song-van", "ly-luan", "ben-thu", "ha-son"]
    for back, count in enumerate(reversed(MONTHS)):
        year, month = divmod(2026 * 12 + 10 - back, 12)
        for order in range(count // 4):
            day = f"{year}-{month + 1:02d}-{1 + (order * 3) % 22:02d}"
            number = back * 20 + order
            made.append(
                sample(
                    f"Sổ tay cơ sở số {number}: nghe người có uy tín thôn {number} kể chuyện",
                    outlets[number % 5],
                    day,
                    f"Thôn {number} của huyện Sông Vân ghi lại lời của người có uy tín về việc làng.",
                    f"Câu chuyện thứ {number} nói về con mương và lịch lấy nước của bà con.",
                    topics="dan-toc" if number % 3 else "dan-toc xay-dung-dang",
                )
            )
    return made


def build(
    home: Path,
    *,
    fill: bool = True,
    approve: bool = True,
    files: dict[str, bytes] | None = None,
    database: str = "",
) -> Workspace:
    """The whole workspace; files of the edition are short stand-ins unless given; `database`: elsewhere than in SQLite."""
    home.mkdir(parents=True, exist_ok=True)
    workspace = Workspace(home)
    workspace.sources_path.write_text(SOURCES, encoding="utf-8", newline="\n")
    if database:
        (home / "settings.toml").write_text(f'database_url = "{database}"\n', encoding="utf-8")
    with opened(workspace, now=lambda: NOW) as session:
        outlets = {source.id: source.outlet for source in session.config.sources}
        with session.archive.writing() as conn:
            for number, one in enumerate([*SAMPLES, *(filler() if fill else [])]):
                put(conn, number, one, outlets)
            correct(conn)
            stories.join(conn, 5, 1)
        if approve:
            approved(
                session,
                files
                or {
                    "pdf": b"%PDF-1.7 mau",
                    "txt": "Bản tin số 1".encode(),
                    "html": b"<!doctype html><title>x</title>",
                },
            )
        with workspace.lock("test"):
            serving.sync(session.archive, workspace.index_dir)
    return workspace


def put(conn, number: int, one: dict, outlets: dict[str, str]) -> int:
    published = datetime.fromisoformat(f"{one['day']}T02:00:00+00:00") if one["day"] else None
    fetched = published + timedelta(hours=2) if published else datetime(2026, 11, 5, 3, 0, tzinfo=UTC)
    content = Content(one["title"], "", one["lead"], tuple(one["paragraphs"]), (), one["author"], published)
    url = f"https://{one['outlet']}.example/bai-{number}.html"
    saved = articles.save(
        conn, url=url, source=one["outlet"], outlet=outlets[one["outlet"]], content=content, fetched=fetched
    )
    tags = [
        Tagging(saved.id, topic, 2.0 - place / 10, "rule", "có “người có uy tín” ở tít và 3 đoạn")
        for place, topic in enumerate(one["topics"])
    ]
    taggings.replace_rule(conn, saved.id, tags)
    articles.mark_tagged(conn, saved.id, 1)
    return saved.id


def correct(conn) -> None:
    """The first article gets a second revision: 45 households become 46."""
    first = articles.get(conn, 1)
    paragraphs = tuple(text.replace("45 hộ", "46 hộ") for text in first.content.paragraphs)
    content = replace(first.content, paragraphs=paragraphs)
    articles.save(
        conn,
        url=first.url,
        source=first.source,
        outlet=first.outlet,
        content=content,
        fetched=datetime(2026, 11, 20, 4, 0, tzinfo=UTC),
    )
    articles.mark_tagged(conn, 1, 2)


def approved(session, files: dict[str, bytes]) -> None:
    """Bản tin báo cáo viên số 1, of two sections."""
    from digest.model import ApprovedEdition

    def item(number: int, excerpts: list[str], note: str = "") -> Item:
        with session.archive.reading() as conn:
            article = articles.get(conn, number)
        from digest.bulletin.edition import Note

        parts = [Quote(tuple(excerpts))] + ([Note(note)] if note else [])
        return Item(number, article.revision.number, article.content.title, tuple(parts))

    road = item(
        6,
        [
            "Sáng nào ông trùm họ đạo cũng đến trước, mang theo ấm nước và hai cái xẻng. Người nhà chùa đến sau nửa giờ, mang theo xôi.",
            "[…]",
            "Xã đã vận động được 118 hộ hiến 3.260 m² đất, trong đó 37 hộ là đồng bào có đạo.",
        ],
        "Con số 3.260 m² là của cả bốn thôn. Khi kể ở hội nghị nên nói rõ để tránh hiểu là của riêng đồng bào có đạo.",
    )
    school = item(
        7,
        [
            "Sư thầy lo bàn ghế và bữa cháo, đoàn phường lo người dạy. Phụ huynh chỉ phải lo một việc: đón con đúng giờ."
        ],
    )
    forest = item(
        1, ["Ông Mẫu không nói nhiều. Ông dắt từng nhà ra khe nước, chỉ vào chỗ năm trước còn cạn."]
    )
    period = datetime(2026, 11, 16).date(), datetime(2026, 11, 22).date()
    edition = Edition(
        id="bao-cao-vien/2026-W47",
        title="Bản tin báo cáo viên số 1",
        first=period[0],
        last=period[1],
        number=1,
        issued=datetime(2026, 11, 23).date(),
        foreword="Tuần này nhiều tờ báo viết về người có uy tín ở vùng đồng bào dân tộc và đồng bào có đạo. Các đồng chí có thể dùng bài thứ nhất làm câu chuyện mở đầu.",
        sections=(Section("Tôn giáo", "", (road, school)), Section("Dân tộc", "", (forest,))),
    )
    frozen = ApprovedEdition(
        id=edition.id,
        bulletin="bao-cao-vien",
        number=1,
        title=edition.title,
        first=edition.first,
        last=edition.last,
        text=write(edition),
        approved=datetime(2026, 11, 23, 1, 0, tzinfo=UTC),
        approved_by="le-thi-mau",
        articles=3,
        minutes=2,
        pins=edition.pins,
    )
    with session.archive.writing() as conn:
        editions.approve(conn, frozen, files)


__all__ = ["NOW", "SAMPLES", "SOURCES", "build", "config"]


def hostile(home: Path, payloads: list[str]) -> Workspace:
    """A workspace whose every word from outside is a payload: title, lead, body, author, outlet, topic, note, site."""
    import json

    quoted = json.dumps(payloads[1], ensure_ascii=True)
    home.mkdir(parents=True)
    workspace = Workspace(home)
    workspace.sources_path.write_text(
        "format: 1\n"
        f"site: {{name: {quoted}, url: 'https://bantin.example.vn'}}\n"
        f"sources:\n  - {{id: doc, outlet: {quoted}, kind: feed, url: 'https://doc.example/rss', show: full}}\n"
        f"topics:\n  - {{id: doc, name: {quoted}, query: 'alert'}}\n"
        "bulletins:\n"
        f"  - {{id: doc, name: {quoted}, publisher: {quoted}, imprint: {quoted}, cadence: weekly, sections: {{doc: 3}}}}\n"
        f"centers:\n  - {{id: doc, name: {quoted}, sender: a@b.example, recipients: r.csv}}\n",
        encoding="utf-8",
    )
    when = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
    with opened(workspace, now=lambda: NOW) as session:
        with session.archive.writing() as conn:
            for number, payload in enumerate(payloads):
                url = f"https://doc.example/{number}" if number else "javascript:alert(1)"
                saved = None
                for words in (payload, payload + " lần hai"):
                    content = Content(payload, payload, words, (words, payload), (payload,), payload, when)
                    saved = articles.save(
                        conn, url=url, source="doc", outlet=payload, content=content, fetched=when
                    )
                taggings.replace_rule(conn, saved.id, [Tagging(saved.id, "doc", 1.0, "rule", payload)])
                articles.mark_tagged(conn, saved.id, saved.revision)
        _approve_hostile(session, payloads)
        with workspace.lock("test"):
            index.sync(session.archive, workspace.index_dir)
    return workspace


def _approve_hostile(session, payloads: list[str]) -> None:
    from digest.bulletin.edition import Note
    from digest.model import ApprovedEdition

    first, last = datetime(2026, 11, 16).date(), datetime(2026, 11, 22).date()
    with session.archive.reading() as conn:
        known = [articles.get(conn, number) for number in (1, 2, 3)]
    items = tuple(
        Item(one.id, one.revision.number, one.content.title or "x", (Note(payloads[1]),)) for one in known
    )
    edition = Edition(
        "doc/2026-W47",
        payloads[0],
        first,
        last,
        number=1,
        foreword=payloads[1],
        sections=(Section(payloads[1], payloads[2], items),),
    )
    frozen = ApprovedEdition(
        edition.id,
        "doc",
        1,
        payloads[0],
        first,
        last,
        write(edition),
        when_approved(),
        "x",
        3,
        1,
        edition.pins,
    )
    with session.archive.writing() as conn:
        editions.approve(conn, frozen, {"html": b"<script>alert(1)</script>"})


def when_approved() -> datetime:
    return datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
