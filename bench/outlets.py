"""A second newsroom: pages built as real outlets' systems build them, filled from a corpus, with the truth beside.

    python bench/outlets.py CORPUS.jsonl.xz --port 8820 --each 40
    python bench/extraction.py http://127.0.2.1:8820/truth.jsonl

The corpus has a JSON object a line: id, title, sapo, body (paragraphs parted by line breaks).
"""

from __future__ import annotations

import argparse
import http.server
import json
import lzma
import random
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from outlet_story import DAYS, Story, a, e, spread
from outlets_old_and_odd import NOTES, agency, amp, breaks, govportal, journal, nested, webparts

ICT = timezone(timedelta(hours=7))
AUTHORS = (
    "Nguyễn Văn An",
    "Trần Thị Bình - Lê Châu",
    "Minh Đức (tổng hợp)",
    "PV",
    "Theo TTXVN",
    "VŨ THU HÀ",
    "",
)


def vccorp(s: Story) -> str:
    """baochinhphu.vn, vtv.vn, baoxaydung.vn and their kin."""
    related = "".join(
        f'<li class="kbwscwlrl"><h4 class="kbwscwlrl-title"><a class="title" href="{p}">{e(t)}</a></h4><p class="sapo">{e(d)}</p></li>'
        for p, t, d in s.others[:2]
    )
    box = f'<div class="VCSortableInPreviewMode alignCenter" type="RelatedNewsBox"><div class="kbwscwl-relatedbox type-6"><ul class="kbwscwlr-list">{related}</ul></div></div>'
    picture = f'<figure class="VCSortableInPreviewMode" type="Photo"><div><a href="/anh/{s.number}.jpg"><img src="/anh/{s.number}.jpg" alt="{a(s.caption)}"></a></div><figcaption class="PhotoCMS_Caption"><p data-placeholder="Nhập chú thích">{e(s.caption)}</p></figcaption></figure>'
    body = spread(s, lambda p: f"<p class=''>{e(p)}</p>", picture, box)
    menu = "".join(
        f'<li><a href="/{n}.htm" title="{n}">{n}</a></li>'
        for n in ("Chính trị", "Kinh tế", "Văn hóa", "Xã hội", "Quốc tế")
    )
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{e(s.title)}</title><meta name="description" content="{a(s.lead[:160])}"/>
<meta property="og:title" content="{a(s.title)}"/><meta property="article:published_time" content="{s.when:%Y-%m-%dT%H:%M:%S}+07:00"/><meta name="author" content="127.0.2.1"/></head>
<body><header class="header"><div class="header__top"><span class="time">{DAYS[1]}, 24/11/2026 09:30</span><ul class="menu-list">{menu}</ul></div></header>
<div class="main"><div class="container"><div class="detail__cmain"><div class="detail-breadcrumb"><a href="/chinh-tri.htm">Chính trị</a></div>
<h1 class="detail-title" data-role="title">{e(s.title)}</h1><div class="detail-time"><div data-role="publishdate">{s.when:%d/%m/%Y} {s.when:%H:%M}</div></div>
<h2 class="detail-sapo" data-role="sapo">(Chinhphu.vn) - {e(s.lead)}</h2><div class="detail-content afcbc-body" data-role="content">{body}</div>
<p class="detail-author" data-role="author">{e(s.author)}</p><div class="detail__related"><div class="box-title">Tin liên quan</div>{related}</div>
<div class="detail-comment"><div class="box-title">Bình luận</div><p>Mời bạn đọc gửi ý kiến về bài viết này, ban biên tập sẽ duyệt trước khi đăng.</p></div></div>
<div class="detail__sub"><div class="box-category"><h3>Đọc nhiều</h3>{related}</div></div></div></div>
<footer class="footer"><p>Cơ quan chủ quản: Cơ quan thử nghiệm. Tổng biên tập: Người Thử Nghiệm. Trụ sở: số 1 đường Thử, xã Bến Thử.</p></footer></body></html>"""


def cms(s: Story) -> str:
    """nhandan.vn, vietnamplus.vn, sggp.org.vn, tienphong.vn and their kin."""
    stories = "".join(
        f'<article class="story"><h2 class="story__heading"><a class="cms-link" href="{p}">{e(t)}</a></h2><div class="story__summary">{e(d)}</div></article>'
        for p, t, d in s.others
    )
    picture = f'<table class="picture" align="center"><tbody><tr><td class="pic"><img src="/anh/{s.number}.webp"></td></tr><tr><td class="caption"><p>{e(s.caption)}</p></td></tr></tbody></table>'
    box = f'<div class="article__related cms-relate"><h3>Tin liên quan</h3>{stories.split("</article>")[0]}</article></div>'
    body = spread(
        s,
        lambda p: f"<p>{e(p)}</p>",
        picture,
        f'<p><a class="cms-relate" href="{s.others[0][0]}">{e(s.others[0][1])}</a></p>',
    )
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{e(s.title)} | Báo Thử nghiệm điện tử</title>
<meta property="og:title" content="{a(s.title)}"><meta property="og:description" content="{a(s.lead)}"><meta property="og:site_name" content="Báo Thử nghiệm điện tử"></head>
<body><div class="site-header"><a class="logo" href="/">Báo Thử nghiệm</a><ul class="menu"><li><a href="/chinhtri/">Chính trị</a></li><li><a href="/kinhte/">Kinh tế</a></li></ul></div>
<div class="site-content"><article class="article"><div class="breadcrumbs"><a href="/chinhtri/">Chính trị</a></div><h1 class="article__title cms-title">{e(s.title)}</h1>
<div class="article__meta"><time class="time" datetime="{s.when:%Y-%m-%dT%H:%M:%S}+0700">{DAYS[s.when.weekday()]}, {s.when:%d/%m/%Y} - {s.when:%H:%M}</time><div class="article__social"><a href="#">Chia sẻ</a></div></div>
<div class="article__sapo cms-desc">{e(s.lead)}</div><div class="article__body zce-content-body cms-body">{body}<div class="article__author-end"></div></div>
<div class="article__author"><span class="name">{e(s.author)}</span></div>{box}<div class="article__tag"><h3>Từ khóa</h3><a href="/tag/a.html">tin tức</a></div></article>
<div class="sidebar"><div class="box-heading">Tin mới</div>{stories}</div></div><div class="site-footer">Giấy phép số 00/GP. Bản quyền thuộc Báo Thử nghiệm.</div></body></html>"""


def wordpress(s: Story) -> str:
    """Journals on WordPress: no lead of its own, a first bold paragraph; signature at the end; schema.org in @graph."""
    graph = json.dumps(
        {
            "@context": "https://schema.org",
            "@graph": [
                {"@type": "WebSite", "name": "Tạp chí Thử nghiệm"},
                {
                    "@type": "Article",
                    "headline": s.title,
                    "datePublished": s.when.isoformat(),
                    "author": {"name": "admin"},
                },
            ],
        },
        ensure_ascii=False,
    )
    picture = f'<div class="wp-caption aligncenter"><img class="size-full" src="/anh/{s.number}.jpg"/><p class="wp-caption-text">{e(s.caption)}</p></div>'
    body = spread(
        s,
        lambda p: f'<p style="text-align: justify;"><span style="font-family: times;">{e(p)}</span></p>',
        picture,
    )
    signed = f'<p style="text-align: right;"><strong>{e(s.author)}</strong></p>' if s.author else ""
    recent = "".join(f'<li><a href="{p}">{e(t)}</a></li>' for p, t, _d in s.others)
    return f"""<!doctype html><html lang="vi"><head><meta charset="UTF-8"><title>{e(s.title)} - Tạp chí Thử nghiệm</title><script type="application/ld+json" class="yoast-schema-graph">{graph}</script></head>
<body class="post-template-default single single-post"><div id="page"><div id="masthead" class="site-header"><ul id="primary-menu" class="menu"><li><a href="/c/a/">Nghiên cứu - Trao đổi</a></li></ul></div>
<div id="content"><article class="post type-post"><header class="entry-header"><h1 class="entry-title">{e(s.title)}</h1><div class="entry-meta"><span class="posted-on"><time class="entry-date published">{s.when:%d/%m/%Y %H:%M}</time></span></div></header>
<div class="entry-content"><p style="text-align: justify;"><strong>{e(s.lead)}</strong></p>{body}{signed}<div class="sharedaddy sd-sharing-enabled"><h3>Chia sẻ:</h3></div><div id="jp-relatedposts" class="jp-relatedposts"><h3>Có liên quan</h3></div></div>
<footer class="entry-footer"><span class="tags-links">Thẻ: <a href="/tag/a/">tin tức</a></span></footer></article><nav class="post-navigation"><a href="{s.others[0][0]}">{e(s.others[0][1])}</a></nav></div>
<div id="secondary" class="widget-area"><section class="widget"><h2>Bài viết mới</h2><ul>{recent}</ul></section></div></div></body></html>"""


def liferay(s: Story) -> str:
    """Theoretical journals on Liferay: portlets, no meta, dates in words."""
    picture = f'<p style="text-align:center"><img src="/documents/{s.number}.jpg"/></p><p style="text-align:center"><em>{e(s.caption)}</em></p>'
    body = spread(s, lambda p: f'<p class="MsoNormal"><span lang="VI">{e(p)}</span></p>', picture)
    others = "".join(
        f'<div class="row"><a href="{p}">{e(t)}</a> <span>({s.when:%d/%m/%Y})</span></div>'
        for p, t, _d in s.others
    )
    return f"""<!DOCTYPE html><html class="ltr" dir="ltr" lang="vi-VN"><head><title>{e(s.title)} - Chi tiết tin - Tạp chí</title><meta content="text/html; charset=UTF-8" http-equiv="content-type" /></head>
<body class="controls-visible signed-out public-page"><div id="wrapper"><div id="banner"><div class="today">Hà Nội, {DAYS[0]}, ngày 23 tháng 11 năm 2026</div><ul><li><a href="/web/guest/a">Tin tức</a></li><li><a href="/web/guest/b">Nghiên cứu</a></li></ul></div>
<div id="content"><div class="portlet-column"><div class="portlet-boundary"><section class="portlet"><div class="portlet-content"><div class="portlet-body"><div class="asset-full-content"><div class="journal-content-article">
<h2 class="tieude">{e(s.title)}</h2><div class="ngaydang">{s.when:%H:%M}, ngày {s.when:%d-%m-%Y}</div><p class="trichdan"><strong>TCTN - {e(s.lead)}</strong></p>{body}
<p style="text-align:right"><strong>{e(s.author)}</strong></p></div></div><div class="tinkhac"><b>Các tin khác</b>{others}</div></div></div></section></div></div></div>
<div id="footer"><p>Giấy phép xuất bản số 00. Trụ sở: số 1 phố Thử, phường Sông Vân. Điện thoại: 000.000.</p></div></div></body></html>"""


def domino(s: Story) -> str:
    """Provincial portals on Domino: upper-case tags, fonts, line breaks, no class that helps."""
    breaks = "<BR>&nbsp;<BR>".join(f'<FONT SIZE="2" FACE="Arial">{e(p)}</FONT>' for p in s.paragraphs)
    picture = (
        f'<TABLE ALIGN="center"><TR><TD><IMG SRC="/anh/{s.number}.gif"></TD></TR><TR><TD ALIGN="center"><FONT SIZE="1"><I>{e(s.caption)}</I></FONT></TD></TR></TABLE>'
        if s.caption
        else ""
    )
    others = "".join(
        f'<TR><TD><A HREF="{p}">{e(t)}</A> <FONT SIZE="1">({s.when:%d/%m/%Y})</FONT></TD></TR>'
        for p, t, _d in s.others
    )
    return f"""<HTML><HEAD><TITLE>Cổng thông tin điện tử tỉnh Thử nghiệm</TITLE><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8"></HEAD><BODY BGCOLOR="FFFFFF"><FORM ACTION="">
<TABLE WIDTH="100%"><TR><TD COLSPAN="2"><IMG SRC="/banner.gif"></TD></TR><TR><TD WIDTH="160" VALIGN="top"><A HREF="/a">Giới thiệu chung</A><BR><A HREF="/b">Tin tức sự kiện</A><BR><A HREF="/c">Văn bản chỉ đạo điều hành</A></TD>
<TD VALIGN="top"><TABLE WIDTH="100%"><TR><TD><B><FONT SIZE="4" COLOR="#0000FF">{e(s.title)}</FONT></B></TD></TR><TR><TD><FONT SIZE="1">Ngày đăng {s.when:%d/%m/%Y}&nbsp;&nbsp;{s.when:%H:%M}</FONT></TD></TR>
<TR><TD><B><FONT SIZE="2">{e(s.lead)}</FONT></B></TD></TR><TR><TD>{picture}{breaks}<BR><BR><DIV ALIGN="right"><B>{e(s.author)}</B></DIV></TD></TR></TABLE>
<TABLE><TR><TD><B>Tin đã đưa</B></TD></TR>{others}</TABLE></TD></TR></TABLE></FORM><CENTER><FONT SIZE="1">Bản quyền của Cổng thông tin điện tử. Ghi rõ nguồn khi phát hành lại thông tin từ trang này.</FONT></CENTER></BODY></HTML>"""


def nextjs(s: Story) -> str:
    """Portals rendered by script: an empty page and its state."""
    content = spread(
        s,
        lambda p: f"<p>{e(p)}</p>",
        f'<figure class="image"><img src="/{s.number}.jpg"><figcaption>{e(s.caption)}</figcaption></figure>',
    )
    state = json.dumps(
        {
            "props": {
                "pageProps": {
                    "post": {
                        "id": s.number,
                        "title": s.title,
                        "description": s.lead,
                        "content": content,
                        "author": {"name": s.author},
                        "publishedAt": s.when.isoformat(),
                        "related": [{"title": t, "description": d} for _p, t, d in s.others],
                    }
                }
            },
            "page": "/vn/[slug]",
        },
        ensure_ascii=False,
    ).replace("</", "<\\/")
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charSet="utf-8"/><title>{e(s.title)}</title><meta property="og:title" content="{a(s.title)}"/><meta name="description" content="{a(s.lead)}"/></head>
<body><div id="__next"><div class="spinner">Đang tải…</div></div><script id="__NEXT_DATA__" type="application/json">{state}</script></body></html>"""


def adf(s: Story) -> str:
    """Oracle ADF portals: generated ids, spans and tables, paragraphs as divs within a span."""
    body = spread(
        s,
        lambda p: f'<div style="text-align:justify;">{e(p)}</div>',
        f'<div style="text-align:center;"><img src="/webcenter/{s.number}.jpg"/><br/>{e(s.caption)}</div>',
    )
    others = "".join(
        f'<div class="x1a8"><a class="x2fk" href="{p}">{e(t)}</a></div>' for p, t, _d in s.others
    )
    return f"""<!DOCTYPE html><html lang="vi-VN"><head><title>Trang chi tiết</title><meta charset="utf-8"></head><body class="x1j"><div id="T" class="x10p"><form id="f1" class="x1">
<div id="pt1:pgl0" class="x19"><a href="/webcenter/portal/a">Giới thiệu</a><span class="x2h">Tin tức</span></div><table role="presentation"><tr><td class="xth"><div id="pt1:pgl5"><span class="x25 news-title">{e(s.title)}</span></div>
<div id="pt1:pgl6"><span class="x26">{s.when:%d/%m/%Y %H:%M:%S}</span></div><div id="pt1:pgl7"><span class="x27"><b>{e(s.lead)}</b></span></div>
<div id="pt1:pgl8"><span class="x28"><div>{body}</div></span></div><div id="pt1:pgl9"><span class="x29"><i>{e(s.author)}</i></span></div>
<div id="pt1:r1"><span>Tin cùng chuyên mục</span>{others}</div></td></tr></table></form></div></body></html>"""


def article(s: Story) -> str:
    """daidoanket.vn and other HTML5 pages: everything flat within one article, classes hashed."""
    picture = f'<div class="css-1y"><img src="/{s.number}.jpg"><div class="css-2z">{e(s.caption)}</div></div>'
    body = spread(
        s,
        lambda p: f'<p class="css-0">{e(p)}</p>',
        picture,
        f'<div class="css-9"><a href="{s.others[0][0]}"><img src="/x.jpg"><span>{e(s.others[0][1])}</span></a></div>',
    )
    cards = "".join(
        f'<a class="css-k" href="{p}"><img src="/x.jpg"><h3>{e(t)}</h3><p>{e(d)}</p></a>'
        for p, t, d in s.others
    )
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{e(s.title)} - daithunghiem.vn</title></head><body><div class="css-root"><div class="css-top"><a href="/">Trang chủ</a><a href="/dan-toc">Dân tộc</a></div>
<article class="css-a"><h1>{e(s.title)}</h1><div class="css-m"><p>{e(s.author)}</p><p>{s.when.day} tháng {s.when.month}, {s.when.year} {s.when:%H:%M}</p></div><h2>{e(s.lead)}</h2>{body}</article>
<section class="css-more"><h2>Có thể bạn quan tâm</h2>{cards}</section><footer>Cơ quan ngôn luận thử nghiệm, giấy phép số 00. Tổng Biên tập: Người Thử.</footer></div></body></html>"""


TEMPLATES: tuple[Callable[[Story], str], ...] = (
    vccorp,
    cms,
    wordpress,
    liferay,
    domino,
    nextjs,
    adf,
    article,
    govportal,
    amp,
    breaks,
    agency,
    journal,
    nested,
    webparts,
)


def stories(path: str, count: int, skip: int) -> list[Story]:
    """The corpus' rows as articles, with dates and authors drawn by a fixed seed."""
    rnd, made = random.Random(7), []
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for place, line in enumerate(lines):
            if place < skip:
                continue
            row = json.loads(line)
            paragraphs = [" ".join(p.split()) for p in row["body"].split("\n") if p.strip()]
            caption = paragraphs.pop() if len(paragraphs) > 4 and len(paragraphs[-1]) < 120 else ""
            when = datetime(2026, 11, 20, 8, 0, tzinfo=ICT) - timedelta(minutes=rnd.randrange(20000))
            made.append(
                Story(
                    place,
                    " ".join(row["title"].split()),
                    " ".join(row["sapo"].split()),
                    tuple(paragraphs),
                    caption,
                    rnd.choice(AUTHORS),
                    when,
                )
            )
            if len(made) == count:
                break
    return made


def build(found: Sequence[Story]) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
    """Pages by host and path, and the truth."""
    pages: dict[str, bytes] = {}
    truth = []
    for place, story in enumerate(found):
        number = place % len(TEMPLATES)
        near = [found[(place + len(TEMPLATES) * step) % len(found)] for step in (1, 2, 3)]
        others = tuple((f"/bai-{o.number + 10000}.html", o.title, o.lead) for o in near)
        full = Story(
            story.number,
            story.title,
            story.lead,
            story.paragraphs,
            story.caption,
            story.author,
            story.when,
            others,
        )
        host, address = f"127.0.2.{number + 1}", f"/bai-{story.number + 10000}.html"
        pages[host + address] = TEMPLATES[number](full).encode()
        truth.append({
            "host": host, "path": address, "template": TEMPLATES[number].__name__, "title": story.title, "lead": story.lead,
            "paragraphs": story.paragraphs, "captions": [story.caption] if story.caption else [], "author": story.author,
            "published": story.when.isoformat(), "copy_of": None,
        })  # fmt: skip
        if TEMPLATES[number] is journal:  # an abstract says that it is one, and notes belong to the text
            truth[-1] |= {"lead": f"TÓM TẮT: {story.lead}", "paragraphs": [*story.paragraphs, *NOTES]}
    return pages, truth


def serve(pages: dict[str, bytes], truth: list[dict[str, Any]], port: int) -> None:
    lines = "".join(
        json.dumps({**t, "url": f"http://{t['host']}:{port}{t['path']}"}, ensure_ascii=False) + "\n"
        for t in truth
    )

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_args: object) -> None:
            pass

        def do_GET(self) -> None:
            host = self.headers.get("Host", "").partition(":")[0]
            body = lines.encode() if self.path == "/truth.jsonl" else pages.get(host + self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

    for number in range(len(TEMPLATES)):
        server = http.server.ThreadingHTTPServer((f"127.0.2.{number + 1}", port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.2.1:{port}/truth.jsonl ready", flush=True)
    threading.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus")
    parser.add_argument("--port", type=int, default=8820)
    parser.add_argument("--each", type=int, default=40, help="articles a template")
    parser.add_argument("--skip", type=int, default=3000)
    given = parser.parse_args()
    serve(*build(stories(given.corpus, given.each * len(TEMPLATES), given.skip)), given.port)


if __name__ == "__main__":
    sys.exit(main())
