"""Hostile files are refused clearly and quickly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import config
from digest.errors import FileFaults
from digest.model import Config


def refused(text):
    with pytest.raises(FileFaults) as caught:
        config.parse(text)
    return str(caught.value)


def test_aliases_that_multiply():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert "Không có mục nào tên “a0”" in refused("\n".join([*lines, "sources: *a29"]))


def test_an_alias_that_holds_itself():
    assert "phải là nhóm mục" in refused("sources: &a [*a]")


@pytest.mark.parametrize(
    "text", ["[" * 10_000, "{a: " * 5_000, "- " * 10_000, "sources: " + "[" * 500 + "]" * 500]
)
def test_bottomless_nesting(text):
    assert "lồng nhau quá sâu" in refused(text)


def test_many_nodes():
    assert "quá nhiều mục" in refused("sources: [" + "a," * 60_000 + "]")


def test_a_file_without_end():
    assert "dài quá" in refused("# " + "x" * 3_000_000)


def test_many_faults_are_told_in_part():
    assert len(refused("\n".join(f"khóa-{n}: 1" for n in range(5_000))).splitlines()) == 200


@given(st.text(max_size=200) | st.text("sources:topics- id{}[]&*!|>'\"#%@\n\t", max_size=120))
def test_any_text_is_a_config_or_faults(text):
    try:
        assert isinstance(config.parse(text), Config)
    except FileFaults as faults:
        assert str(faults)


@given(st.data())
def test_a_spoilt_default_is_a_config_or_faults_with_lines(data):
    lines = config.default_text().splitlines()[:40]
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at] = data.draw(st.text("abc:-'\"[]{}&* \t#éđ", max_size=30))
    try:
        assert isinstance(config.parse("\n".join(lines)), Config)
    except FileFaults as faults:
        assert all(fault.line >= 1 for fault in faults.faults)
