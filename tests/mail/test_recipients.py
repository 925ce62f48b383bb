"""Lists as Excel and people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import FileFaults
from digest.mail.address import BadAddress, Hasher, parse
from digest.mail.recipients import read, read_text

ROWS = [("email", "name"), ("an@thu.test", "Nguyễn Thị Ánh"), ("binh@thu.test", "Trần, Văn Bình")]


def table(mark: str, end: str = "\r\n") -> str:
    def cell(text: str) -> str:
        return f'"{text}"' if mark in text else text

    return "".join(mark.join(map(cell, row)) + end for row in ROWS)


def told(found) -> list[tuple[str, str]]:
    return [(person.address.spec, person.name) for person in found.people]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_dialects_of_excel(tmp_path, mark, encoding):
    path = tmp_path / "danh sách.csv"
    path.write_bytes(table(mark).encode(encoding))
    found = read(path)
    assert told(found) == ROWS[1:] and found.faults == ()
    assert [person.row for person in found.people] == [2, 3]


def test_windows_1258_is_read_and_composed(tmp_path):
    # In that code page ễ is ê and a tone of its own: "Nguyễn" comes as eight bytes.
    path = tmp_path / "a.csv"
    path.write_bytes("email;name\r\nan@thu.test;Nguyê\u0303n Thi\u0323 A\u0301nh\r\n".encode("cp1258"))
    assert told(read(path)) == [("an@thu.test", "Nguyễn Thị Ánh")]


@pytest.mark.parametrize(
    "head",
    [
        "Email,Họ và tên",
        "Địa chỉ email,Tên",
        "Thư điện tử,HỌ TÊN",
        "E-mail,Full name",
        '"Hộp thư","Người nhận"',
        "EMAIL,name",
    ],
)
def test_headings_in_vietnamese_and_english(head):
    assert told(read_text(f"{head}\nan@thu.test,Ánh\n", "a.csv")) == [("an@thu.test", "Ánh")]


def test_columns_in_another_order_and_more_of_them():
    found = read_text("STT;Đơn vị công tác;Họ và tên;Email\n1;Xã Đồng Mẫu;Ánh;an@thu.test\n", "a.csv")
    assert told(found) == [("an@thu.test", "Ánh")]


def test_a_list_without_headings_and_one_with_sep():
    assert told(read_text("an@thu.test,Ánh\nbinh@thu.test\n", "a.csv")) == [
        ("an@thu.test", "Ánh"),
        ("binh@thu.test", ""),
    ]
    assert told(read_text("sep=;\r\nemail;name\r\nan@thu.test;Ánh\r\n", "a.csv")) == [("an@thu.test", "Ánh")]


def test_faults_name_row_and_cell_and_never_the_address():
    text = (
        "name;email\nMột;an@thu.test\n\nHai;hai thu.test\nBa;AN@thu.test\nBốn;a@thu.test, b@thu.test\n"
        "Năm;\nSáu;vanthu@thu.test\n=1+1;bay@thu.test\nTám;tam@\n"
    )
    found = read_text(text, "a.csv")
    assert [(fault.line, fault.column, fault.warning) for fault in found.faults] == [
        (4, 2, False),
        (5, 2, True),
        (6, 2, False),
        (7, 2, False),
        (8, 2, True),
        (9, 1, True),
        (10, 2, False),
    ]
    assert "dòng 2" in found.faults[1].what
    assert not any("@thu" in fault.what + fault.fix or "hai " in fault.what for fault in found.faults)
    assert [person.row for person in found.people] == [2, 8, 9]
    assert found.people[2].name == ""
    assert len(found.errors) == 4


def test_rows_count_lines_even_after_a_cell_of_two_lines():
    found = read_text('email,name\n"an@thu.test","Ánh\nPhó bí thư"\nsai\n', "a.csv")
    assert found.people[0].name == "Ánh Phó bí thư"
    assert [fault.line for fault in found.faults] == [4]


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04rest of a workbook",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old workbook",
        "tên,tuổi\nÁnh,3\n".encode(),
        b"\xff\xfea",
    ],
)
def test_what_is_no_list_is_said(tmp_path, data):
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(FileFaults, match=r"CSV|cột email|bảng mã"):
        read(path)


def test_a_missing_and_an_empty_list(tmp_path):
    with pytest.raises(FileFaults):
        read(tmp_path / "khong-co.csv")
    (tmp_path / "a.csv").write_text("email,name\n", encoding="utf-8")
    assert read(tmp_path / "a.csv").people == ()
    (tmp_path / "b.csv").write_text("", encoding="utf-8")
    assert read(tmp_path / "b.csv").faults[0].warning


@pytest.mark.parametrize(
    "cell",
    [
        "a@thu.test\nRCPT TO:<v@thu.test>",
        "a@thu.test\r\nBcc: v@thu.test",
        '"a\\"@thu.test, v@thu.test',
        "a@thu.test; b@thu.test",
        "<a@thu.test> SIZE=1",
        "a@thu.test> NOTIFY=SUCCESS",
        "@",
        "a@[127.0.0.1]",
        "a@thu..test",
        "a b@thu.test",
        '"a b"@thu.test',
        "a@-thu.test",
        "a\0@thu.test",
        "a@thu.test\u2028",
        f"{'a' * 65}@thu.test",
        f"a@{'b' * 64}.test",
        "a@localhost",
    ],
)
def test_hostile_cells_are_refused(cell):
    with pytest.raises(BadAddress):
        parse(cell)


@pytest.mark.parametrize(
    ("cell", "spec", "name"),
    [
        ("Nguyễn Văn A <a@thu.test>", "a@thu.test", "Nguyễn Văn A"),
        ('"Văn A, Nguyễn" <a@thu.test>', "a@thu.test", "Văn A, Nguyễn"),
        ("=?utf-8?q?x?= <a@thu.test>", "a@thu.test", "=?utf-8?q?x?="),
        ("mailto:a@thu.test", "a@thu.test", ""),
        ("a@việt.test", "a@xn--vit-5kz.test", ""),
        ("A.B+tin@THU.Test", "A.B+tin@thu.test", ""),
        ("-oX/tmp/x@thu.test", "-oX/tmp/x@thu.test", ""),
    ],
)
def test_addresses_that_people_write(cell, spec, name):
    found = parse(cell)
    assert (found.spec, found.name) == (spec, name)


def test_equal_mailboxes_have_equal_hashes_and_keys_matter():
    one, two = parse("An@thu.test"), parse("an@THU.test")
    assert Hasher(b"k" * 32)(one) == Hasher(b"k" * 32)(two) != Hasher(b"l" * 32)(one)
    assert len(Hasher(b"k" * 32)(one)) == 32


@given(st.text(max_size=60))
def test_no_text_crashes_and_what_passes_is_one_plain_address(text):
    try:
        found = parse(text)
    except BadAddress as wrong:
        assert str(wrong)
        return
    assert (
        not set(found.spec) & set(' <>,;\r\n\t\0"') and found.spec.count("@") == 1 and found.domain.isascii()
    )


@given(st.lists(st.lists(st.text(max_size=20), min_size=1, max_size=4), max_size=6))
def test_no_table_crashes(rows):
    text = "\n".join(";".join(row) for row in [["email", "name"], *rows])
    try:
        found = read_text(text, "a.csv")
    except FileFaults:
        return
    assert all(fault.line >= 1 and fault.column >= 1 for fault in found.faults)


@given(st.binary(max_size=300))
def test_no_bytes_crash(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(data)
    try:
        assert isinstance(read(path).people, tuple)
    except FileFaults as faults:
        assert str(faults)
