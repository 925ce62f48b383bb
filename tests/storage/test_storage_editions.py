"""What was approved does not change: numbers without gaps, text, pins and files frozen."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from digest.errors import StorageError
from digest.model import ApprovedEdition, Content
from digest.storage import articles, editions
from digest.storage.schema import edition_files, edition_pins, revisions
from digest.storage.schema import editions as editions_table

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
FILES = {"html": b"<html>", "pdf": b"%PDF-1.7"}


def edition(week=47, **more):
    more.setdefault("pins", ((1, 1), (2, 1)))
    made = {
        "id": f"bao-cao-vien/2026-W{week}",
        "bulletin": "bao-cao-vien",
        "number": 0,
        "title": f"Tuần {week}",
        "first": date(2026, 11, 16),
        "last": date(2026, 11, 22),
        "text": "## Tôn giáo\n",
        "approved": NOW + timedelta(days=week),
        "approved_by": "thoa",
        "articles": 2,
        "minutes": 9,
    }
    return ApprovedEdition(**(made | more))


@pytest.fixture
def stocked(archive):
    with archive.writing() as conn:
        for n in range(3):
            articles.save(
                conn,
                url=f"https://x.example/{n}",
                source="s",
                outlet="o",
                content=Content(str(n)),
                fetched=NOW,
            )
    return archive


def approve(archive, made, files=FILES):
    with archive.writing() as conn:
        return editions.approve(conn, made, files)


def test_what_was_approved_is_read_back_equal(stocked):
    kept = approve(stocked, edition())
    with stocked.reading() as conn:
        assert editions.get(conn, kept.id) == kept
        assert editions.file(conn, kept.id, "pdf") == FILES["pdf"]
        assert editions.file(conn, kept.id, "docx") is None
        assert editions.get(conn, "bao-cao-vien/2026-W01") is None
    assert kept.number == 1
    assert [(file.format, file.name, file.sha256, file.size) for file in kept.files] == [
        (format, f"bao-cao-vien-2026-W47.{format}", hashlib.sha256(data).hexdigest(), len(data))
        for format, data in FILES.items()
    ]


def test_numbers_have_no_gaps_within_bulletin_and_year(stocked):
    numbers = [approve(stocked, edition(week)).number for week in (45, 46, 47)]
    other = approve(stocked, edition(47, id="dang-vien/2026-11", bulletin="dang-vien"))
    turned = approve(stocked, edition(1, id="bao-cao-vien/2027-W01"))
    assert numbers == [1, 2, 3]
    assert (other.number, turned.number) == (1, 1)


def test_a_refused_approval_leaves_no_gap(stocked):
    approve(stocked, edition(45))
    with pytest.raises(RuntimeError, match="đổi ý"), stocked.writing() as conn:
        assert editions.approve(conn, edition(46), FILES).number == 2
        raise RuntimeError("đổi ý")
    assert approve(stocked, edition(47)).number == 2


def test_an_edition_is_approved_once(stocked):
    approve(stocked, edition())
    with pytest.raises(StorageError, match="đã được duyệt"):
        approve(stocked, edition(text="khác"))


def test_a_number_that_was_taken_meanwhile_is_refused(stocked):
    approve(stocked, edition(46, number=1))
    with pytest.raises(StorageError, match="số kế tiếp là 2"):
        approve(stocked, edition(47, number=1))


def test_a_slip_carries_the_number_it_corrects_and_takes_none(stocked):
    told = approve(stocked, edition(46))
    slips = [
        approve(stocked, edition(46, id=f"bao-cao-vien/2026-W46-dc{n}", corrects=told.id)).number
        for n in (1, 2)
    ]
    assert slips == [told.number, told.number]
    assert approve(stocked, edition(47)).number == 2
    with stocked.reading() as conn:
        assert [slip.id for slip in editions.slips(conn, told.id)] == [
            "bao-cao-vien/2026-W46-dc2",
            "bao-cao-vien/2026-W46-dc1",
        ]
    with pytest.raises(StorageError, match="chưa được duyệt"):
        approve(stocked, edition(48, corrects="bao-cao-vien/2026-W01"))


def test_holding(stocked):
    approve(stocked, edition(46))
    approve(stocked, edition(47, pins=((2, 1), (3, 1))))
    with stocked.reading() as conn:
        assert editions.holding(conn, 2) == ["bao-cao-vien/2026-W47", "bao-cao-vien/2026-W46"]
        assert [one.id[-3:] for one in editions.list_all(conn)] == ["W47", "W46"]
        assert editions.list_all(conn, "dang-vien") == []


def test_a_pin_must_name_a_revision_that_exists(stocked):
    with pytest.raises(StorageError):
        approve(stocked, edition(pins=((1, 7),)))


FROZEN = [
    sa.update(editions_table).values(text="khác"),
    sa.update(editions_table).values(sealed=False),
    sa.delete(editions_table),
    sa.update(edition_files).values(data=b"x"),
    sa.delete(edition_files),
    sa.insert(edition_files).values(
        edition="bao-cao-vien/2026-W47", format="txt", name="x", sha256="", size=1, data=b"x"
    ),
    sa.update(edition_pins).values(revision=2),
    sa.delete(edition_pins),
    sa.insert(edition_pins).values(edition="bao-cao-vien/2026-W47", position=9, article=3, revision=1),
    sa.update(revisions).values(title="khác"),
    sa.delete(revisions),
]


@pytest.mark.parametrize("change", FROZEN, ids=lambda change: str(change).split("(")[0][:40])
def test_nothing_frozen_can_be_changed_even_with_sql(stocked, change):
    kept = approve(stocked, edition())
    with pytest.raises(StorageError), stocked.writing() as conn:
        conn.execute(change)
    with stocked.reading() as conn:
        assert editions.get(conn, kept.id) == kept
        assert editions.file(conn, kept.id, "html") == FILES["html"]


def test_a_file_whose_bytes_rotted_is_not_handed_out(stocked):
    kept = approve(stocked, edition())
    with stocked.writing() as conn:
        off = {"sqlite": "DROP TRIGGER guard_edition_files_update"}
        conn.execute(sa.text(off.get(conn.dialect.name, "SET LOCAL session_replication_role = replica")))
        conn.execute(sa.update(edition_files).values(data=b"rotten"))
    with stocked.reading() as conn, pytest.raises(StorageError, match="bị hỏng"):
        editions.file(conn, kept.id, "pdf")


def test_names_of_files_can_be_given(stocked):
    kept = approve(stocked, edition())
    renamed = replace(kept, id="bao-cao-vien/2026-W48", number=0)
    assert [file.name for file in approve(stocked, renamed).files] == [file.name for file in kept.files]
