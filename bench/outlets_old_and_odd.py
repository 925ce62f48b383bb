"""Further templates of bench/outlets.py: old table layouts, portals, AMP, an agency, a journal with notes, elements of their own."""

from __future__ import annotations

import json
from datetime import timedelta

from outlet_story import DAYS, Story, a, e, spread


def govportal(s: Story) -> str:
    """Portals of provinces: boxes within boxes, a clock, tools, a survey; the author at the end in bold."""
    body = spread(
        s,
        lambda p: (
            f'<div style="text-align: justify;"><span style="font-size:14pt">{e(p)}</span></div><div>&nbsp;</div>'
        ),
        f'<div style="text-align: center;"><img alt="" src="/upload/{s.number}.jpg"/></div><div style="text-align: center;"><i>{e(s.caption)}</i></div>',
    )
    signed = f'<div style="text-align: right;"><b>{e(s.author)}</b></div>' if s.author else ""
    newer = "".join(
        f'<li><a href="{p}">{e(t)}</a><span>(18/11/2026 14:20)</span></li>' for p, t, _d in s.others
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Tin tức - Sự kiện | Cổng thông tin điện tử xã Bến Thử</title></head><body><form id="aspnetForm" method="post"><div id="s4-workspace">
<div class="top"><div id="clock">Thứ ba, 24/11/2026 | 09:30 GMT+7</div><div class="hotline">Đường dây nóng: 0000.000.000</div></div><div class="nav"><div><a href="/gioi-thieu">Giới thiệu</a></div><div><a href="/tin-tuc">Tin tức - Sự kiện</a></div></div>
<div class="row"><div class="col-9"><div class="ms-webpart"><div class="crumb"><a href="/">Trang chủ</a> / <a href="/tin-tuc">Tin tức - Sự kiện</a></div><div class="tools"><a href="#">A-</a><a href="#">A</a><a href="#">A+</a> <a href="#">Đọc bài</a></div>
<div class="d1"><div class="d2">{e(s.title)}</div></div><div class="d3"><span>{DAYS[s.when.weekday()]}, {s.when:%d/%m/%Y} | {s.when:%H:%M} GMT+7</span> <span>Lượt xem: 1.024</span></div>
<div class="d4">{e(s.lead)}</div><div class="d5">{body}{signed}</div><div class="d6"><a href="#">In trang</a> | <a href="#">Gửi email</a> | <a href="#">Quay lại</a></div>
<div class="vote"><div>Đánh giá bài viết:</div><div>5/5 (2 lượt đánh giá)</div></div><div class="d7"><div>Tin mới hơn</div><ul>{newer}</ul></div></div></div>
<div class="col-3"><div class="box"><div>Thăm dò ý kiến</div><div>Bạn đánh giá thế nào về giao diện của Cổng thông tin điện tử xã?</div><div>Rất tốt</div><div>Tốt</div></div><div class="box"><div>Thống kê truy cập</div><div>Hôm nay: 120 lượt, tổng số: 1.234.567 lượt truy cập</div></div></div></div>
<div class="foot"><div>Chịu trách nhiệm nội dung: Chủ tịch Ủy ban nhân dân xã. Địa chỉ: thôn Hạ Sơn, xã Bến Thử.</div></div></div></form></body></html>"""


def amp(s: Story) -> str:
    """The pages for telephones: schema.org in UTC with another time of change, boxes between the paragraphs."""
    stated = json.dumps(
        {
            "@context": "https://schema.org", "@type": "NewsArticle", "mainEntityOfPage": f"https://bao.example.vn/{s.number}.html",
            "headline": s.title[:80], "description": s.lead[:120] + "...", "dateModified": (s.when + timedelta(hours=5)).isoformat(),
            "datePublished": s.when.isoformat(), "author": {"@type": "Person", "name": s.author or "Báo Thử nghiệm"},
            "publisher": {"@type": "Organization", "name": "Báo Thử nghiệm"},
        },
        ensure_ascii=False,
    )  # fmt: skip
    picture = f'<figure class="photo"><amp-img src="/{s.number}.jpg" width="800" height="500" layout="responsive"></amp-img><figcaption>{e(s.caption)}</figcaption></figure>'
    box = f'<div class="amp-related"><a href="{s.others[0][0]}"><amp-img src="/x.jpg"></amp-img><span>{e(s.others[0][1])}</span></a></div><amp-ad type="doubleclick"><div placeholder>Quảng cáo</div></amp-ad>'
    body = spread(s, lambda p: f"<p>{e(p)}</p>", picture, box)
    more = "".join(
        f'<article><a href="{p}"><h3>{e(t)}</h3></a><p>{e(d)}</p></article>' for p, t, d in s.others
    )
    return f"""<!doctype html><html amp lang="vi"><head><meta charset="utf-8"><title>{e(s.title)} - Báo Thử nghiệm</title><link rel="canonical" href="https://bao.example.vn/{s.number}.html"><script type="application/ld+json">{stated}</script>
<script async src="https://cdn.example.org/v0.js"></script><style amp-custom>p{{margin:0}}</style></head><body><amp-sidebar id="sidebar"><ul><li><a href="/chinh-tri">Chính trị</a></li><li><a href="/xa-hoi">Xã hội</a></li></ul></amp-sidebar>
<header><amp-img src="/logo.png"></amp-img></header><main><section class="detail"><h1>{e(s.title)}</h1><p class="meta"><span class="by">{e(s.author)}</span> <span class="pubdate">{s.when:%H:%M} | {s.when:%d/%m/%Y}</span></p><p class="sapo">{e(s.lead)}</p>
{body}<amp-social-share type="facebook"></amp-social-share></section><section class="more"><h2>Đọc thêm</h2>{more}</section></main><footer><p>© Báo Thử nghiệm. Không sao chép khi chưa có sự đồng ý bằng văn bản.</p><a href="https://bao.example.vn/{s.number}.html">Xem bản đầy đủ</a></footer></body></html>"""


def breaks(s: Story) -> str:
    """Sites of the first years: no paragraphs, two line breaks; the lead, the picture's table and the signature among them."""
    picture = (
        f'<table border="0" align="right" width="200"><tbody><tr><td><img src="/{s.number}.jpg" border="1"></td></tr><tr><td class="Image">{e(s.caption)}</td></tr></tbody></table>'
        if s.caption
        else ""
    )
    text = "<br><br>".join(e(p) for p in s.paragraphs)
    signed = f"<br><br><b>{e(s.author)}</b>" if s.author else ""
    others = "<br>".join(
        f'<img src="/icon.gif"> <a href="{p}" class="other">{e(t)}</a> <i>(19/11)</i>'
        for p, t, _d in s.others
    )
    return f"""<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"><title>::: BÁO THỬ NGHIỆM ĐIỆN TỬ ::: {e(s.title)}</title></head><body><div id="menu"><a href="/">Trang nhất</a> | <a href="/2.html">Xã hội</a> | <a href="/3.html">Pháp luật</a></div>
<div id="left"><b>Chuyên mục</b><br><a href="/4.html">Nhịp sống</a><br><a href="/5.html">Người tốt việc tốt</a></div><div id="mid"><span class="cat">Xã hội</span><br><span class="headline">{e(s.title)}</span><br><span class="small">Cập nhật: {s.when:%H:%M}, {DAYS[s.when.weekday()]}, {s.when:%d/%m/%Y} (GMT+7)</span><br><br>
<div class="text"><b>{e(s.lead)}</b><br><br>{picture}{text}{signed}<br><br></div><div class="tool"><a href="javascript:print()">In bài này</a> <a href="#">Gửi cho bạn bè</a></div><b>Các bài khác</b><br>{others}</div>
<div id="bottom">Giấy phép số 00/GP-BC. Ghi rõ nguồn khi phát hành lại thông tin từ website này.</div></body></html>"""


def agency(s: Story) -> str:
    """An agency: place and day before the lead, blocks of its editor, the signature in a block of its own."""
    picture = f'<div class="block-image"><picture><source srcset="/{s.number}.webp"><img src="/{s.number}.jpg"></picture><div class="block-image__desc"><span>{e(s.caption)}</span></div></div>'
    box = f'<aside class="block-link"><strong>Tin liên quan</strong><h4><a href="{s.others[1][0]}">{e(s.others[1][1])}</a></h4><p>{e(s.others[1][2])}</p></aside>'
    body = spread(s, lambda p: f'<div class="block-text"><p>{e(p)}</p></div>', picture, box)
    cards = "".join(
        f'<li><time>20/11/2026 21:05</time><a href="{p}">{e(t)}</a><div>{e(d)}</div></li>'
        for p, t, d in s.others
    )
    signed = f'<div class="block-sign"><strong>{e(s.author)}</strong></div>' if s.author else ""
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{e(s.title)}</title><meta property="og:type" content="article"><meta property="og:title" content="{a(s.title)}"><meta name="pubdate" content="{s.when.isoformat()}"><meta name="lastmod" content="{(s.when + timedelta(minutes=50)).isoformat()}"></head>
<body><div id="app"><div class="bar"><span>Thứ Ba, 24/11/2026</span><a href="/en">English</a><a href="/fr">Français</a></div><div class="live"><b>Tin nóng</b><a href="{s.others[2][0]}">{e(s.others[2][1])}</a></div>
<div class="layout"><div class="story"><div class="story__cat">Thời sự</div><h1 class="story__title">{e(s.title)}</h1><div class="story__info"><span>{s.when:%d/%m/%Y %H:%M}</span><button>Lưu tin</button><button>Nghe tin</button></div>
<div class="story__lead">Hà Nội (TTXTN {s.when.day}/{s.when.month}) - {e(s.lead)}</div><div class="story__body">{body}{signed}</div><div class="story__tags"><a href="/t/1">thời sự</a><a href="/t/2">địa phương</a></div></div>
<div class="wire"><h3>Dòng tin</h3><ul>{cards}</ul></div></div><div class="foot">Thông tấn xã Thử nghiệm. Mọi hành động sử dụng nội dung phải được sự chấp thuận.</div></div></body></html>"""


NOTES = (
    "[1] Văn kiện Đại hội Đảng bộ xã Bến Thử lần thứ nhất, Nhà in Thử nghiệm, 2025, tr. 25.",
    "[2] Ban Biên tập: Sổ tay cán bộ thôn, tập 2, Nhà in Thử nghiệm, 2024, tr. 112-118.",
)


def journal(s: Story) -> str:
    """A journal: days of receipt and of review, an abstract with its label, keywords, notes at the end."""
    picture = f'<p align="center"><img src="/Portals/0/{s.number}.png"/></p><p align="center"><em>{e(s.caption)}</em></p>'
    body = spread(s, lambda p: f"<p>{e(p)}</p>", picture)
    notes = "".join(f"<p>{e(note)}</p>" for note in NOTES)
    author = f'<p class="author"><strong>{e(s.author)}</strong></p>' if s.author else ""
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{e(s.title)} - Tạp chí Lý luận Thử nghiệm</title></head><body><div class="head"><div class="today">Thứ ba, 24/11/2026</div><div class="issn">ISSN 0000-0000</div></div><div class="menu"><a href="/nghien-cuu">Nghiên cứu lý luận</a><a href="/thuc-tien">Thực tiễn</a></div>
<div class="wrap"><div class="main"><h1>{e(s.title)}</h1>{author}<div class="dates"><span>Ngày nhận bài: 02/10/2026</span> | <span>Ngày phản biện: 14/10/2026</span> | <span>Ngày đăng: {s.when:%d/%m/%Y %H:%M}</span></div>
<div class="abstract"><strong>TÓM TẮT:</strong> {e(s.lead)}</div><div class="content">{body}<hr><div class="notes">{notes}</div></div><div class="cite">Trích dẫn bài viết này</div></div>
<div class="side"><h3>Số mới nhất</h3><p>Số 11 (2026)</p><h3>Thông báo</h3><ul><li><a href="{s.others[0][0]}">{e(s.others[0][1])}</a></li></ul></div></div><div class="footer">Tòa soạn: số 1 phố Thử nghiệm. Tổng Biên tập: PGS, TS Người Thử Nghiệm.</div></body></html>"""


def nested(s: Story) -> str:
    """Tables within tables, a column of news with summaries on each side, the caption in a table of its own."""
    picture = f'<table width="1" align="center" cellpadding="3"><tr><td><img src="/{s.number}.jpg"></td></tr><tr><td align="center" class="chuthich">{e(s.caption)}</td></tr></table>'
    body = spread(s, lambda p: f'<p align="justify">{e(p)}</p>', picture)
    column = "".join(
        f'<table width="100%"><tr><td><a href="{p}"><b>{e(t)}</b></a></td></tr><tr><td>{e(d)}</td></tr></table>'
        for p, t, d in s.others
    )
    signed = f'<p align="right"><strong><em>{e(s.author)}</em></strong></p>' if s.author else ""
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>Trang tin điện tử Đảng bộ xã Bến Thử</title></head><body><table width="1000" align="center"><tr><td colspan="3"><table width="100%"><tr><td>Trang chủ</td><td>Giới thiệu</td><td>Văn bản</td><td align="right">Hôm nay: 24/11/2026 9:30:15</td></tr></table></td></tr>
<tr><td width="180" valign="top"><table><tr><td><a href="/1.aspx">Công tác xây dựng Đảng</a></td></tr><tr><td><a href="/2.aspx">Dân vận</a></td></tr></table>{column}</td><td valign="top"><table width="100%" class="detail"><tr><td class="path"><a href="/">Trang chủ</a> &gt; <a href="/3.aspx">Tin trong xã</a></td></tr>
<tr><td class="tieudebai">{e(s.title)}</td></tr><tr><td class="ngay">{DAYS[s.when.weekday()]}, {s.when.day}/{s.when.month}/{s.when.year} - {s.when.hour}h{s.when:%M}'</td></tr><tr><td><table><tr><td class="tomtat">{e(s.lead)}</td></tr></table></td></tr><tr><td class="noidung">{body}{signed}</td></tr>
<tr><td><table width="100%"><tr><td>Bản in</td><td>Về đầu trang</td><td>Trở lại</td></tr></table></td></tr><tr><td><b>Các tin đã đăng</b>{column}</td></tr></table></td><td width="200" valign="top"><table><tr><td>Liên kết website</td></tr></table>{column}</td></tr></table></body></html>"""


def webparts(s: Story) -> str:
    """Elements of the site's own naming; the moment shown as time gone by, the exact one in its tooltip."""
    picture = f'<app-photo><img src="/{s.number}.avif"><span slot="caption">{e(s.caption)}</span></app-photo>'
    box = f'<app-teaser><a href="{s.others[0][0]}">{e(s.others[0][1])}</a></app-teaser>'
    body = spread(s, lambda p: f"<app-paragraph>{e(p)}</app-paragraph>", picture, box)
    signed = f"<app-byline>{e(s.author)}</app-byline>" if s.author else ""
    rail = "".join(
        f'<app-card><a href="{p}"><h2>{e(t)}</h2></a><p>{e(d)}</p><span title="23/11/2026 07:15">1 ngày trước</span></app-card>'
        for p, t, d in s.others
    )
    return f"""<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{e(s.title)} | thunghiem.vn</title></head><body><app-root ng-version="17"><app-header><a href="/">Trang chủ</a><a href="/moi">Mới nhất</a></app-header><app-story><h1>{e(s.title)}</h1>{signed}
<span class="ago" title="{s.when:%d/%m/%Y %H:%M}">4 ngày trước</span><app-sapo>{e(s.lead)}</app-sapo><app-body>{body}</app-body></app-story><app-rail>{rail}</app-rail><app-footer>Thử nghiệm, cơ quan của những người thử.</app-footer></app-root></body></html>"""
