"""The demo's sources.yaml and its list of recipients."""

from __future__ import annotations

from pathlib import Path

from digest.demo.newsroom import Newsroom

TEMPLATE = Path(__file__).with_name("sources.txt")
RECIPIENTS_PATH = "recipients/ben-thu.csv"
RECIPIENTS = (
    "email,name\n"
    "thoa.be@example.vn,Bế Thị Thoa\n"
    "mien.tran@example.vn,Trần Mộc Miên\n"
    "duong.luong@example.vn,Lương Hải Đường\n"
)


def sources_yaml(newsroom: Newsroom) -> str:
    """The text of a sources.yaml that names the newsroom's five outlets at their present addresses."""
    text = TEMPLATE.read_text(encoding="utf-8")
    for outlet in newsroom.outlets:
        text = text.replace(f"{{{outlet.id}}}", newsroom.url(outlet.id) + outlet.entry)
    return text


def recipients_csv() -> str:
    """Three invented people at example.vn, who can receive nothing."""
    return RECIPIENTS
