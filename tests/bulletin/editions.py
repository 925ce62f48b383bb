"""Editions, articles and texts for the bulletin's tests: our own plainly fictional ones, and Hypothesis strategies."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from digest.bulletin.edition import Edition, Item, Note, Quote, Section
from digest.clock import week
from digest.model import Article, Bulletin, Content, Revision, Source, Tagging, Topic

WEEK = week("2026-W47")
RELIGION = Topic("ton-giao", "Tôn giáo", '"tôn giáo" OR "tăng ni" OR "Phật tử" OR "họ đạo" OR "tín đồ"')
PEOPLES = Topic("dan-toc", "Dân tộc", '"dân tộc" OR "đồng bào" OR "bản làng"')
TOPICS = (RELIGION, PEOPLES)
SOURCES = (
    Source("song-van", "Báo Sông Vân", "feed", "https://songvan.example/rss"),
    Source("ha-son", "Báo Hạ Sơn", "feed", "https://hason.example/rss", weight=1.5),
    Source("dong-mau", "Báo Đồng Mẫu", "feed", "https://dongmau.example/rss"),
)
BULLETIN = Bulletin(
    "bao-cao-vien", "Bản tin báo cáo viên", "weekly", (("ton-giao", 2), ("dan-toc", 2)), minutes=15
)
ROAD = Content(
    title="Xã Đồng Mẫu: chức sắc và tín đồ các đạo cùng làm đường liên thôn",
    lead="Con đường 2,4 km nối bốn thôn của xã Đồng Mẫu hoàn thành sau 40 ngày.",
    paragraphs=(
        "Sáng nào ông trùm họ đạo cũng đến trước, mang theo ấm nước và hai cái xẻng. Người nhà chùa đến sau nửa giờ, mang theo xôi.",
        "Đoạn qua ruộng nhà ông Hai phải đi vòng.",
        "Xã đã vận động được 118 hộ hiến 3.260 m² đất, trong đó 37 hộ là đồng bào có đạo. “Đường là của chung”, ông Lê Văn Mẫu nói.",
    ),
    author="Hoài Mẫu",
    published=datetime(2026, 11, 18, 3, 0, tzinfo=UTC),
)


def article(
    id: int,
    content: Content = ROAD,
    *,
    source: int = 0,
    story: int = 0,
    text: str = "full",
    state: str = "live",
    number: int = 1,
) -> Article:
    """An archived article of one of the fictional outlets."""
    outlet = SOURCES[source]
    fetched = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)
    return Article(
        id=id,
        url=f"https://{outlet.id}.example/bai-{id}",
        source=outlet.id,
        outlet=outlet.outlet,
        collected=fetched,
        story=story or id,
        revision=Revision(id, number, content, fetched, text),
        state=state,
    )


def tagged(id: int, topic: str = "ton-giao", score: float = 2.0, by: str = "rule") -> Tagging:
    return Tagging(id, topic, score, by, "tín đồ ×1")


def edition(*items: Item, **more: object) -> Edition:
    """A week's edition with one section that holds the items."""
    given = {
        "id": "bao-cao-vien/2026-W47",
        "title": "Bản tin báo cáo viên số {number}",
        "first": WEEK.first,
        "last": WEEK.last,
    }
    return Edition(**(given | {"sections": (Section("Tôn giáo", items=items),)} | more))  # type: ignore[arg-type]


# --- strategies ---------------------------------------------------------------------------------

_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵĐÂÔ"
_AWKWARD = st.sampled_from(
    [
        *list("#>\\`*_[]{}()|~-+:.,\"'“”…!&<@%^=?/0123456789 \t\n\r\xa0́\u2028\ufeff\x00\x85"),
        "## ",
        "### ",
        "> ",
        "---",
        "[…]",
        "\\# ",
        "\\\\>",
        "{article=1 revision=1}",
        "format: 1",
    ]
)
awkward_text = st.lists(
    st.one_of(_AWKWARD, st.text(_LETTERS, max_size=6), st.text(max_size=3)), max_size=14
).map("".join)
words = st.lists(st.text(_LETTERS, min_size=1, max_size=6), min_size=1, max_size=8).map(" ".join)
one_line = st.one_of(words, awkward_text).filter(lambda text: bool(Section(text).name))
notes = awkward_text.map(Note)
quotes = st.lists(awkward_text, max_size=5).map(lambda lines: Quote(tuple(lines)))
items = st.builds(
    Item,
    article=st.integers(1, 2**53),
    revision=st.integers(1, 9999),
    headline=one_line,
    parts=st.lists(st.one_of(notes, quotes), max_size=5).map(tuple),
)
sections = st.builds(Section, name=one_line, note=awkward_text, items=st.lists(items, max_size=3).map(tuple))
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@st.composite
def editions(draw: st.DrawFn) -> Edition:
    """Any edition that the program or the desk could write."""
    first = draw(days)
    return Edition(
        id=draw(st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}/[A-Za-z0-9][A-Za-z0-9_-]{0,20}", fullmatch=True)),
        title=draw(one_line),
        first=first,
        last=first + timedelta(days=draw(st.integers(0, 400))),
        number=draw(st.none() | st.integers(1, 999_999)),
        kind=draw(st.sampled_from(["", "weekly", "monthly", "dossier", "outline", "slip"])),
        corrects=draw(st.sampled_from(["", "bao-cao-vien/2026-W46"])),
        issued=draw(st.none() | days),
        foreword=draw(awkward_text),
        sections=tuple(draw(st.lists(sections, max_size=3))),
    )
