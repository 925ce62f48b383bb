"""One fictional article in the layouts that outlets, portals and old sites give theirs; none is any outlet's own."""

from __future__ import annotations

from dataclasses import dataclass, field

from fictional import CAPTION, LEAD, PARAGRAPHS, TITLE

AUTHOR = "Trần Thị Thử"
P1, P2, P3, P4 = (f"<p>{text}</p>" for text in PARAGRAPHS)
B1, B2, B3, B4 = PARAGRAPHS
SHOWN = "Thứ Sáu, 20/11/2026, 08:15 GMT+7"
_OTHERS = (
    "Thôn Hạ Sơn làm đường bê tông mới sau lũ",
    "Sông Vân mở lớp xóa mù chữ buổi tối",
    "Bến Thử đón bằng xã nông thôn mới",
)
LINKS = "".join(f"<li><a href='/tin-{n}.html'>{text}</a></li>" for n, text in enumerate(_OTHERS))
MENU = "".join(f"<tr><td><a href='/muc-{n}.html'>Mục số {n}</a></td></tr>" for n in range(12))
_TEASER = (
    "Ngày hội thu hút đông đảo bà con, có trò chơi dân gian, giao lưu văn nghệ và bữa cơm đoàn kết ấm cúng."
)
TEASERS = "".join(
    f"<div class=item><h3><a href='/tin-{n}.html'>{text}</a></h3><p>{_TEASER}</p></div>"
    for n, text in enumerate(_OTHERS * 3)
)
_COMMENT = "Bài viết hay quá, mong thôn tôi cũng sớm có nhà văn hóa như thế này để bà con sinh hoạt, đọc sách cùng nhau."
COMMENTS = "".join(f"<div class=item><b>Bạn đọc {n}</b><p>{_COMMENT}</p></div>" for n in range(9))


def ld(*objects: str) -> str:
    return "".join(f"<script type='application/ld+json'>{one}</script>" for one in objects)


def site(body: str, head: str = "", title: str = TITLE + " - Báo Thử") -> str:
    return (
        f"<!doctype html><html lang=vi><head><title>{title}</title>{head}</head><body><header><nav><a href=/>Trang chủ</a>"
        f"<a href=/xa-hoi>Xã hội</a></nav></header>{body}<footer>Bản quyền 2026 Báo Thử. Tổng biên tập: Nguyễn Văn Mẫu.</footer></body></html>"
    )


@dataclass(frozen=True)
class Layout:
    """A page and what it must yield beside title, lead and the four paragraphs."""

    html: str
    author: str = AUTHOR
    captions: tuple[str, ...] = ()
    minute: bool = True  # it states the time, not the day alone
    lead: bool = True
    abstract: bool = False  # the lead says that it is one
    more: tuple[str, ...] = field(default=())  # further lines that belong into the text


LAYOUTS: dict[str, Layout] = {
    "tables": Layout(
        f"<html><head><title>{TITLE}</title></head><body><table width=1000><tr><td colspan=3><img src=banner.gif></td></tr>"
        f"<tr><td width=200><table>{MENU}</table></td><td width=600><table width=100%><tr><td class=tieude><b><font size=4>{TITLE}</font></b></td></tr>"
        f"<tr><td><font color=gray>Cập nhật lúc 08:15, Thứ sáu, 20/11/2026 (GMT+7)</font></td></tr><tr><td><b>{LEAD}</b></td></tr>"
        f"<tr><td><table align=center><tr><td><img src=a.jpg></td></tr><tr><td align=center><i>{CAPTION}</i></td></tr></table>"
        f"{P1}{P2}{P3}{P4}<p align=right><b>{AUTHOR}</b></p></td></tr><tr><td><b>Các tin khác:</b><ul>{LINKS}</ul></td></tr></table></td>"
        f"<td width=200><table>{MENU}</table></td></tr></table><table><tr><td>Bản quyền thuộc Báo Thử. Tòa soạn: số 1 phố Thử.</td></tr></table></body></html>",
        captions=(CAPTION,),
    ),
    "line breaks alone": Layout(
        f"<html><head><title>Báo Thử - {TITLE}</title></head><body><table><tr><td>{MENU}</td><td><span class=title>{TITLE}</span><br>20/11/2026 8:15:00 SA"
        f"<br><br><b>{LEAD}</b><br><br>{B1}<br><br>{B2}<br><br><img src=x.jpg><br><i>Ảnh: Nhà văn hóa nhìn từ sân</i><br><br>{B3}<br>{B4}<br><br>"
        f"<div align=right><b>{AUTHOR}</b></div><br><b>Tin liên quan</b><br><a href=/t-1.html>{_OTHERS[0]}</a><br><a href=/t-2.html>{_OTHERS[1]}</a></td></tr></table></body></html>",
        captions=("Ảnh: Nhà văn hóa nhìn từ sân",),
    ),
    "elements without names": Layout(
        site(
            f"<div><div><div><div><h1>{TITLE}</h1><div><div>Thứ sáu, ngày 20 tháng 11 năm 2026 - 08:15</div><div>{AUTHOR}</div></div><div>"
            f"<div><strong>{LEAD}</strong></div><div>{B1}</div><div>{B2}</div><div><div><img src=a.jpg></div><div>{CAPTION}</div></div><div>{B3}</div><div>{B4}</div>"
            f"</div></div></div><div><div>Đọc nhiều</div><div><a href=/1.html>{_OTHERS[0]}</a></div></div></div></div>",
            f'<meta property="og:title" content="{TITLE}">',
        ),
        captions=(CAPTION,),
    ),
    "amp with a graph": Layout(
        site(
            f"<article><h1>{TITLE}</h1><p class=sapo>{LEAD}</p><figure><amp-img src=a.jpg></amp-img><figcaption>{CAPTION}</figcaption></figure>{P1}<amp-ad></amp-ad>{P2}{P3}{P4}</article>",
            ld(
                f'{{"@graph":[{{"@type":"WebSite","name":"Báo Thử"}},{{"@type":"NewsArticle","headline":"{TITLE}","datePublished":"2026-11-20T08:15:00",'
                f'"author":{{"@type":"Person","name":"{AUTHOR}"}},"publisher":{{"@type":"Organization","name":"Báo Thử"}}}}]}}'
            ),
        ),
        captions=(CAPTION,),
    ),
    "descriptions of other articles first": Layout(
        site(
            f"<main><h1>{TITLE}</h1><h2>{LEAD}</h2><div>{P1}{P2}<ul>{LINKS}</ul>{P3}{P4}</div></main>",
            ld(
                f'{{"@type":"ItemList","itemListElement":[{{"@type":"ListItem","item":{{"@type":"NewsArticle","headline":"{_OTHERS[0]}","datePublished":"2026-11-18T01:00:00+07:00","author":{{"name":"Người Khác"}}}}}}]}}',
                f'[{{"@type":"BreadcrumbList"}},{{"@type":["NewsArticle","Article"],"headline":"{TITLE}","datePublished":"2026-11-20T08:15:00+07:00","author":[{{"@type":"Person","name":"{AUTHOR}"}}]}}]',
            ),
        )
    ),
    "microdata": Layout(
        site(
            f"<div itemscope itemtype='http://schema.org/NewsArticle'><h1 itemprop=headline>{TITLE}</h1><span itemprop=datePublished content='2026-11-20T08:15'>20/11/2026</span>"
            f"<span itemprop=author itemscope><span itemprop=name>{AUTHOR}</span></span><p itemprop=description>{LEAD}</p><div itemprop=articleBody>{P1}{P2}{P3}{P4}</div></div>"
        )
    ),
    "portal with a bold opening": Layout(
        site(
            f"<div id=main><h2 class=tt>{TITLE}</h2><p class=ngay>Ngày đăng: 20/11/2026 - Lượt xem: 123</p><div class=nd><p><strong>{LEAD}</strong></p>{P1}"
            f"<p style='text-align:center'><img src=a.jpg></p><p style='text-align:center'><em>{CAPTION}</em></p>{P2}{P3}{P4}<p style='text-align:right'><em><strong>Bài, ảnh: {AUTHOR}</strong></em></p></div></div>",
            title=f"{TITLE} - Cổng thông tin xã Bến Thử",
        ),
        author=f"Bài, ảnh: {AUTHOR}",
        captions=(CAPTION,),
        minute=False,
    ),
    "caption in a table, links in the text": Layout(
        site(
            f"<div class=article><h1 class=article-title>{TITLE}</h1><div class=meta>{SHOWN}</div><div class=article-content><h2>{LEAD}</h2>{P1}"
            f"<table class=image><tbody><tr><td><img src=a.jpg></td></tr><tr><td><p>{CAPTION}</p></td></tr></tbody></table>{P2}"
            f"<div class=box><p><strong>Có thể bạn quan tâm:</strong></p><ul>{LINKS}</ul></div>{P3}<p>&gt;&gt;&gt; <a href=/x3.html>Xem thêm: {_OTHERS[2]}</a></p>{P4}"
            f"<p><strong>{AUTHOR}</strong></p></div><div class=tags>Từ khóa: <a href=/tag/a>nhà văn hóa</a></div></div>"
        ),
        captions=(CAPTION,),
    ),
    "subheads, lists, quotations, tables": Layout(
        site(
            f"<article><h1>{TITLE}</h1><time datetime='2026-11-20T08:15:00+07:00'>20/11/2026</time><p class=lead>{LEAD}</p><div class=entry>{P1}<h3>Bà con góp công</h3>{P2}"
            "<ul><li>Nhóm một lo phần móng và tường bao quanh sân.</li></ul><blockquote>“Có nhà văn hóa, ai cũng phấn khởi”, bà Lê Thị Mẫu nói.</blockquote>"
            f"<table><tr><th>Thôn</th><th>Số hộ</th></tr><tr><td>Đồng Mẫu</td><td>120</td></tr><tr><td>Hạ Sơn</td><td>95</td></tr></table>{P3}{P4}</div></article>"
        ),
        author="",
        more=(
            "Bà con góp công",
            "Nhóm một lo phần móng và tường bao quanh sân.",
            "“Có nhà văn hóa, ai cũng phấn khởi”, bà Lê Thị Mẫu nói.",
            "Thôn | Số hộ",
            "Đồng Mẫu | 120",
            "Hạ Sơn | 95",
        ),
    ),
    "date at the end": Layout(
        site(
            f"<div><h1>{TITLE}</h1><div class=bodytext><p><b>{LEAD}</b></p>{P1}{P2}{P3}{P4}<p><i>Theo Báo Mẫu</i></p></div><div>Cập nhật: 08:15 ngày 20/11/2026</div></div>"
        ),
        author="Theo Báo Mẫu",
    ),
    "author in the line of the date": Layout(
        site(
            f"<div><h1>{TITLE}</h1><p class=info>{AUTHOR} - 08:15 - Thứ Sáu, 20/11/2026</p><p class=chapeau>{LEAD}</p><div>{P1}{P2}{P3}{P4}</div></div>"
        )
    ),
    "local time stated as UTC": Layout(
        site(
            f"<h1>{TITLE}</h1><span>20/11/2026 08:15 (GMT+7)</span><p><strong>{LEAD}</strong></p>{P1}{P2}{P3}{P4}",
            ld(f'{{"@type":"NewsArticle","headline":"{TITLE}","datePublished":"2026-11-20T08:15:00Z"}}'),
        ),
        author="",
    ),
    "more comments than article": Layout(
        site(
            f"<h1>{TITLE}</h1><span class=time>20-11-2026 08:15</span><h2>{LEAD}</h2><div class=detail>{P1}{P2}{P3}{P4}</div><div id=comments><h4>Bình luận (9)</h4>{COMMENTS}</div>"
        ),
        author="",
    ),
    "teasers with their leads below": Layout(
        site(
            f"<h1>{TITLE}</h1><span class=time>20-11-2026 08:15</span><div>{LEAD}</div><div>{P1}{P2}{P3}{P4}</div><div><h4>Cùng chuyên mục</h4>{TEASERS}</div>"
        ),
        author="",
    ),
    "captions in the paragraph of the picture, or set in the middle": Layout(
        site(
            f"<h1>{TITLE}</h1><span class=time>20-11-2026 08:15</span><div class=c><p><strong>{LEAD}</strong></p>{P1}<p style='text-align:center'><img src=a.jpg><br><em>{CAPTION}</em></p>{P2}"
            f"<p align=center><img src=b.jpg></p><p align=center>Các cháu thiếu nhi múa hát mừng nhà văn hóa mới</p>{P3}{P4}</div>"
        ),
        author="",
        captions=(CAPTION, "Các cháu thiếu nhi múa hát mừng nhà văn hóa mới"),
    ),
    "blog software": Layout(
        site(
            f"<article class='post-12 post'><header class=entry-header><h1 class=entry-title>{TITLE}</h1><div class=entry-meta>Đăng bởi <span class=author><a rel=author href=/author/bt>{AUTHOR}</a></span>"
            f" vào <time class='entry-date published' datetime='2026-11-20T08:15:00+07:00'>20 Tháng Mười Một, 2026</time></div></header><div class=entry-content>{P1}"
            f"<figure class=wp-caption><img src=a.jpg><figcaption>{CAPTION}</figcaption></figure>{P2}{P3}{P4}<div class=sharedaddy>Chia sẻ: Facebook</div></div></article>"
        ),
        captions=(CAPTION,),
        lead=False,
    ),
    "sections with a paragraph and a picture each": Layout(
        site(
            f"<article><div class=hero><h1><span>{TITLE}</span></h1><p>{LEAD}</p></div><section><div class=text>{P1}{P2}</div><div class=full><img src=a.jpg>"
            f"<div class=cap>{CAPTION}</div></div></section><section><h2>Chung tay</h2><div class=text>{P3}</div></section><section><div class=text>{P4}"
            f"<p>Nội dung: {AUTHOR}</p><p>Thiết kế: Lê Mẫu</p></div></section></article>",
            "<meta property=article:published_time content=2026-11-20T08:15:00+07:00>",
        ),
        author=f"Nội dung: {AUTHOR} - Thiết kế: Lê Mẫu",
        captions=(CAPTION,),
        more=("Chung tay",),
    ),
    "journal with an abstract": Layout(
        site(
            f"<div class=art><h1>{TITLE}</h1><p class=tg>TS. Lê Văn Mẫu</p><p>Thứ sáu, 20/11/2026 - 08:15</p><p><em>{LEAD}</em></p><p><strong>1. Đặt vấn đề</strong></p>{P1}"
            f"<p><strong>2. Nội dung</strong></p>{P2}{P3}{P4}<p>(1) Văn kiện Đại hội Đảng bộ xã Bến Thử, tr. 25.</p></div>".replace(
                LEAD, "Tóm tắt: " + LEAD
            )
        ),
        author="TS. Lê Văn Mẫu",
        abstract=True,
        more=("1. Đặt vấn đề", "2. Nội dung", "(1) Văn kiện Đại hội Đảng bộ xã Bến Thử, tr. 25."),
    ),
    "a clock in the head": Layout(
        site(
            f"<div class=top>Thứ ba, 24/11/2026 | 10:20</div><div class=bc><a href=/>Trang chủ</a> » <a href=/x>Xã hội</a></div><div class=main><h1>{TITLE}</h1>"
            f"<p class=d>Đăng ngày 20 Tháng 11 2026 lúc 8h15</p><div>{LEAD}</div><div class=t>{P1}{P2}{P3}{P4}</div></div><div class=right><p>Hôm nay 24/11/2026</p></div>"
        ),
        author="",
    ),
    "agency before the lead, outlet behind the author": Layout(
        site(
            f"<h1>{TITLE}</h1><p class=time>20/11/2026 08:15</p><div class=content><p class=sapo><span class=agency>TTXVN</span> - {LEAD}</p><img src=a.jpg><p class=pCaption>{CAPTION}</p>"
            f"{P1}{P2}{P3}{P4}<p class=pAuthor>{AUTHOR}/Báo Mẫu</p></div>"
        ),
        author=f"{AUTHOR}/Báo Mẫu",
        captions=(CAPTION,),
    ),
    "boxes of others' news and of our own within the text": Layout(
        site(
            f"<div class=detail-main><h1 class=detail-title data-role=title>{TITLE}</h1><div data-role=publishdate>20/11/2026 08:15</div><div class=detail-author-top></div>"
            f"<h2 class=detail-sapo data-role=sapo>{LEAD}</h2><div class='detail-content body' data-role=content><div class=Sortable type=RelatedOneNews><a href=/t.htm><img src=a.jpg></a>"
            f"<div class=RelatedNewsItemSapo>{_OTHERS[0]} với nhiều điều mới mẻ.</div></div>{P1}{P2}<figure class=Sortable type=Photo><div><img src=b.jpg></div><figcaption><p>{CAPTION}</p></figcaption></figure>"
            f"{P3}<div class=Sortable type=content><p>Hộp thông tin: xã Bến Thử có mười hai thôn.</p></div>{P4}<p style='text-align: right;'><b>{AUTHOR}</b></p><div class=relatedbox><ul>{LINKS}</ul></div></div></div>"
        ),
        captions=(CAPTION,),
        more=("Hộp thông tin: xã Bến Thử có mười hai thôn.",),
    ),
    "a section's name for a title, boxes without headings": Layout(
        f"<html><head><title>Đời sống quanh ta | Cổng thông tin điện tử xã Bến Thử</title></head><body><div><a href=/doi-song>Đời sống quanh ta</a></div><div>Thứ ba, 24/11/2026 | 09:30 GMT+7</div>"
        f"<div><div><div>{TITLE}</div></div><div><span>Thứ sáu, 20/11/2026 | 08:15 GMT+7</span> <span>Lượt xem: 24</span></div><div>{LEAD}</div><div><div>{B1}</div><div>{B2}</div><div>{B3}</div><div>{B4}</div>"
        f"<div style='text-align: right'><b>{AUTHOR}</b></div></div></div></body></html>",
    ),
    "line breaks between spans, the outlet's name between colons": Layout(
        f"<html><head><title>::: BÁO THỬ ĐIỆN TỬ ::: {TITLE}</title></head><body><div><span class=cat>Xã hội</span><br><span class=headline>{TITLE}</span><br>"
        f"<span class=small>Cập nhật: 08:15, Thứ Sáu, 20/11/2026 (GMT+7)</span><br><br><div class=text><b>{LEAD}</b><br><br>{B1}<br><br>{B2}<br><br>{B3}<br><br>{B4}<br><br><b>{AUTHOR}</b></div></div></body></html>",
    ),
    "elements of its own naming, the moment in a tooltip": Layout(
        f"<html><head><title>{TITLE}</title></head><body><app-root><app-story><h1>{TITLE}</h1><app-byline>{AUTHOR}</app-byline><span title='20/11/2026 08:15'>2 giờ trước</span><app-sapo>{LEAD}</app-sapo>"
        f"<app-body><app-text>{B1}</app-text><app-photo><img src=a.jpg><span slot=caption>{CAPTION}</span></app-photo><app-text>{B2}</app-text><app-ad>Quảng cáo</app-ad><app-text>{B3}</app-text><app-text>{B4}</app-text></app-body></app-story></app-root></body></html>",
        captions=(CAPTION,),
    ),
    "a label of advertising between the paragraphs": Layout(
        site(
            f"<h1>{TITLE}</h1><p class=time>20/11/2026 08:15</p><div class=content><p class=sapo>Hà Nội (TTXVN 20/11) - {LEAD}</p>{P1}{P2}<div>Quảng cáo</div>{P3}{P4}</div>"
        ),
        author="",
    ),
}
