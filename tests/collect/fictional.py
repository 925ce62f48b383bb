"""Pages and feeds of outlets that do not exist, about communes that do not exist."""

from __future__ import annotations

import html
from datetime import datetime, timedelta, timezone

ICT = timezone(timedelta(hours=7))
WHEN = datetime(2026, 11, 20, 8, 15, tzinfo=ICT)

TITLE = "Xã Bến Thử khánh thành nhà văn hóa thôn Đồng Mẫu"
LEAD = "Sáng 20/11, xã Bến Thử khánh thành nhà văn hóa thôn Đồng Mẫu do bà con góp công, góp của trong tám tháng."
PARAGRAPHS = (
    "Công trình rộng ba trăm mét vuông, có phòng họp chi bộ, phòng đọc sách và sân tập thể thao cho thanh niên trong thôn.",
    "Ông Lê Văn Mẫu, Bí thư Chi bộ thôn Đồng Mẫu, cho biết mỗi hộ góp hai ngày công, nhiều hộ hiến thêm đất làm lối đi.",
    "Theo kế hoạch, từ nay đến cuối năm xã Bến Thử còn hoàn thành hai nhà văn hóa nữa ở thôn Hạ Sơn và thôn Sông Vân.",
    "Bà con đề nghị xã sớm bố trí sách báo, nhất là sách về pháp luật và kỹ thuật trồng trọt, để phòng đọc có người đến.",
)
CAPTION = "Bà con thôn Đồng Mẫu trong ngày khánh thành. Ảnh: Văn Thử"
AUTHOR = "Trần Thị Thử"


def page(
    title: str = TITLE,
    lead: str = LEAD,
    paragraphs: tuple[str, ...] = PARAGRAPHS,
    *,
    date: str = "20/11/2026 08:15",
    author: str = AUTHOR,
    head: str = "",
) -> str:
    body = "".join(f"<p>{html.escape(text, quote=False)}</p>" for text in paragraphs)
    return (
        f"<!doctype html><html lang='vi'><head><meta charset='utf-8'><title>{html.escape(title)} - Báo Thử</title>{head}</head>"
        f"<body><div class='menu'><a href='/'>Trang chủ</a></div><div class='main'><h1>{html.escape(title)}</h1>"
        f"<span class='date'>{date}</span><h2 class='sapo'>{html.escape(lead)}</h2><div class='content'>{body}"
        f"<p style='text-align:right'><strong>{author}</strong></p></div></div>"
        "<div class='footer'>Giấy phép số 00. Tòa soạn: số 1 phố Thử.</div></body></html>"
    )


def numbered(number: int) -> str:
    """A whole article, different for each number."""
    texts = tuple(f"Tin số {number}, đoạn {n}: {text}" for n, text in enumerate(PARAGRAPHS))
    return page(
        f"{TITLE} đợt {number}", f"Đợt {number}. {LEAD}", texts, date=f"20/11/2026 08:{number % 60:02d}"
    )


def rss(base: str, numbers: range | list[int], lead: str = "") -> str:
    items = "".join(
        f"<item><title>{TITLE} đợt {n}</title><link>{base}/bai-{n}.html</link><description>{lead}</description>"
        f"<pubDate>{(WHEN + timedelta(minutes=n)).strftime('%a, %d %b %Y %H:%M:%S +0700')}</pubDate></item>"
        for n in numbers
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Báo Thử</title><link>{base}/</link>{items}</channel></rss>"


def listing(base: str, numbers: range | list[int], onward: str = "") -> str:
    items = "".join(
        f"<div class='item'><h3><a href='/bai-{n}.html'>{TITLE} đợt {n}</a></h3><span class='time'>20/11/2026 08:{n:02d}</span>"
        f"<p>Đợt {n}. {LEAD}</p></div>"
        for n in numbers
    )
    more = f"<a class='next' href='{onward}'>Trang sau</a>" if onward else ""
    return f"<html><body><div class='menu'><a href='/'>Trang chủ</a></div>{items}{more}</body></html>"


def sitemap(base: str, numbers: range | list[int]) -> str:
    urls = "".join(
        f"<url><loc>{base}/bai-{n}.html</loc><news:news><news:publication_date>{WHEN.isoformat()}</news:publication_date>"
        f"<news:title>{TITLE} đợt {n}</news:title></news:news></url>"
        for n in numbers
    )
    return (
        "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        f"xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>{urls}</urlset>"
    )
