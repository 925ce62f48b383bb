from __future__ import annotations

import pytest
from hypothesis import given

from digest.bulletin.prose import read
from digest.bulletin.view import Block, Run
from tests.bulletin.editions import awkward_text


def test_paragraphs_lists_and_styles() -> None:
    assert read(
        "Một **đậm**, *nghiêng* và\n***cả hai***.\n\n- gạch\n- [trang](https://songvan.example/a) kia\n\n1. một\n2. hai"
    ) == (
        Block(
            (
                Run("Một "),
                Run("đậm", bold=True),
                Run(", "),
                Run("nghiêng", italic=True),
                Run(" và "),
                Run("cả hai", True, True),
                Run("."),
            )
        ),
        Block((Run("gạch"),), "item"),
        Block((Run("trang", href="https://songvan.example/a"), Run(" kia")), "item"),
        Block((Run("một"),), "numbered"),
        Block((Run("hai"),), "numbered"),
    )


def test_bare_addresses_are_links_without_the_full_stop_after_them() -> None:
    [block] = read("Xem https://bantin.example.vn/b/1834.")
    assert block.runs == (
        Run("Xem "),
        Run("https://bantin.example.vn/b/1834", href="https://bantin.example.vn/b/1834"),
        Run("."),
    )


@pytest.mark.parametrize(
    "typed",
    [
        "2 * 3 * 4 = 24",
        "ten_tep_dai",
        "[x](javascript:alert(1))",
        "<b>không</b>",
        "**chưa đóng",
        "a*",
        "[x]",
        "[x](/trong)",
        "[x](data:text/html,1)",
        "&lt;script&gt;",
        "năm 2026. Sau đó",
        "`mã`",
    ],
)
def test_what_is_no_form_of_ours_is_shown_as_typed(typed: str) -> None:
    [block] = read(typed)
    assert block.runs == (Run(typed),)


def test_a_backslash_takes_a_sign_its_meaning() -> None:
    [block] = read(r"\*không nghiêng\* \[x](https://a.example)")
    assert block.text == "*không nghiêng* [x](https://a.example)"
    assert not any(run.italic for run in block.runs)


@given(awkward_text)
def test_only_safe_links_and_no_word_is_lost(typed: str) -> None:
    blocks = read(typed)
    assert all(
        run.href.lower().startswith(("http://", "https://", "mailto:"))
        for block in blocks
        for run in block.runs
        if run.href
    )
    shown = "".join(block.text for block in blocks)
    assert [c for c in typed if c.isalpha()] == [c for c in shown if c.isalpha()] or "](" in typed


@pytest.mark.parametrize(
    "bomb",
    [
        "*" * 100_000,
        "[" * 100_000,
        "**a" * 40_000,
        "_a *b " * 30_000,
        "[a](" * 30_000,
        "https://" * 20_000,
        "\\" * 100_000,
    ],
)
@pytest.mark.timeout(60)
def test_long_repetitions_are_read_to_the_end(bomb: str) -> None:
    assert read(bomb)
