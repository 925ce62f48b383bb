"""Approved editions: series by bulletin and year, one edition as a page, its frozen files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request
from sqlalchemy.engine import Connection

from digest import clock
from digest.bulletin import edition as files
from digest.bulletin import prose
from digest.bulletin.assemble import Archived, assemble
from digest.bulletin.render import RENDERERS
from digest.bulletin.view import Prose, View
from digest.model import ApprovedEdition, Bulletin, EditionFile
from digest.storage import articles, editions
from digest.web import links, pictures, problems
from digest.web.shelf import Words, shelf
from digest.wording import _

pages = Blueprint("editions", __name__)
OFFERED = (
    "pdf",
    "pdf-large",
    "docx",
    "script",
    "epub",
    "pptx",
    "txt",
    "html",
)  # in this order; the rest is for sending
DOSSIERS, SLIPS = "chuyen-de", "dinh-chinh"


@dataclass(frozen=True, slots=True)
class Series:
    """A tab of the archive: a bulletin, all dossiers, or all correction slips."""

    id: str
    name: str
    said: str
    on: bool


@dataclass(frozen=True, slots=True)
class Download:
    """One file to take: what it is called, where, how large."""

    format: str
    name: str
    url: str
    size: int
    type: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """An approved edition in a list, with its files and what corrected it."""

    edition: ApprovedEdition
    files: tuple[Download, ...]
    slips: tuple[ApprovedEdition, ...] = ()
    withheld: bool = False


@pages.get("/ban-tin")
def archive() -> Any:
    """The series of the newest edition."""
    return _archive(None)


@pages.get("/ban-tin/<bulletin>")
def series(bulletin: str) -> Any:
    """One series; 404 for one that has no edition and that sources.yaml does not name."""
    return _archive(bulletin)


def _archive(chosen: str | None) -> Any:
    here = shelf()
    with here.reading() as conn:
        everything = editions.list_all(conn)
    known = _by_series(everything, here.words)
    if chosen is None:
        chosen = next(iter(known), "")
    elif chosen not in known:
        abort(404)
    tabs = tuple(
        Series(name, series_name(name, here.words), _said(name, of, here.words), name == chosen)
        for name, of in known.items()
    )
    listed = known.get(chosen, [])
    years = sorted({editions.year_of(one.id) for one in listed}, reverse=True)
    year = _year(years)
    numbered = [_numbered(one, everything) for one in listed if editions.year_of(one.id) == year]
    newest = numbered[0] if numbered and year == max(years) else None
    return render_template(
        "editions.html",
        tabs=tabs,
        series=chosen,
        newest=newest,
        foreword=_foreword(newest.edition) if newest else (),
        numbered=numbered[1:] if newest else numbered,
        year=year,
        years=[one for one in years if one != year],
        place="/ban-tin",
    )


def _year(years: list[int]) -> int:
    asked = request.args.get("nam", "")
    if asked.isdecimal() and int(asked[:4]) in years:
        return int(asked[:4])
    return years[0] if years else 0


def series_of(edition: ApprovedEdition, words: Words) -> str:
    """The tab that an edition stands under."""
    if edition.corrects:
        return SLIPS
    return edition.bulletin if edition.bulletin in words.bulletins or not _is_dossier(edition) else DOSSIERS


def _is_dossier(edition: ApprovedEdition) -> bool:
    return edition.bulletin.startswith(f"{DOSSIERS}-")


def _by_series(everything: list[ApprovedEdition], words: Words) -> dict[str, list[ApprovedEdition]]:
    """Editions under their tabs: bulletins as in sources.yaml, former ones, dossiers, slips."""
    found: dict[str, list[ApprovedEdition]] = {bulletin: [] for bulletin in words.bulletins}
    for edition in everything:
        found.setdefault(series_of(edition, words), []).append(edition)
    last = {DOSSIERS: found.pop(DOSSIERS, []), SLIPS: found.pop(SLIPS, [])}
    return {name: of for name, of in {**found, **last}.items() if of}


def series_name(series: str, words: Words) -> str:
    """A tab's name: the bulletin's without "Bản tin" before it."""
    if series == DOSSIERS:
        return _("Chuyên đề")
    if series == SLIPS:
        return _("Đính chính")
    return short_name(words.bulletins[series].name) if series in words.bulletins else series


def short_name(name: str) -> str:
    """ "Bản tin báo cáo viên" → "Báo cáo viên"."""
    for prefix in ("Bản tin ", "bản tin "):
        if name.startswith(prefix) and len(name) > len(prefix):
            rest = name[len(prefix) :]
            return rest[0].upper() + rest[1:]
    return name


def _said(series: str, of: list[ApprovedEdition], words: Words) -> str:
    if series == DOSSIERS:
        return _("{count} tập", count=len(of))
    if series == SLIPS:
        return _("{count} tờ", count=len(of))
    if series not in words.bulletins:
        return _("{count} số", count=len(of))
    cadence = _("hằng tháng") if words.bulletins[series].cadence == "monthly" else _("hằng tuần")
    return _("{cadence}, {count} số", cadence=cadence, count=len(of))


def _numbered(edition: ApprovedEdition, everything: list[ApprovedEdition]) -> Numbered:
    return Numbered(
        edition,
        downloads(edition),
        tuple(one for one in everything if one.corrects == edition.id),
        withheld(edition.id),
    )


def downloads(edition: ApprovedEdition) -> tuple[Download, ...]:
    """The files that readers may take, in the order they are offered; none of a withheld edition."""
    if withheld(edition.id):
        return ()
    by_format = {file.format: file for file in edition.files}
    return tuple(_download(edition, by_format[one]) for one in OFFERED if one in by_format)


def withheld(edition_id: str) -> bool:
    """Whether an edition's frozen files are kept back: they print an article that was taken down since."""
    return edition_id in shelf().counted("withheld", editions.withheld)


def _download(edition: ApprovedEdition, file: EditionFile) -> Download:
    url = links.edition_file(edition.id, file.name)
    return Download(
        file.format, _(RENDERERS[file.format].label), url, file.size, RENDERERS[file.format].media_type
    )


def _foreword(edition: ApprovedEdition) -> Prose:
    return prose.read(files.parse(edition.text).foreword)


@pages.get("/so/<bulletin>/<int:number>")
def short(bulletin: str, number: int) -> Any:
    """The short address of a bulletin's number: the newest year that has it."""
    with shelf().reading() as conn:
        found = [
            one for one in editions.list_all(conn, bulletin) if one.number == number and not one.corrects
        ]
    if not found:
        abort(404)
    return redirect(links.to(links.edition(found[0].id)), 302)


@pages.get("/ban-tin/<bulletin>/<period>")
def edition(bulletin: str, period: str) -> Any:
    """One edition as it was approved, in the site's own look."""
    here = shelf()
    with here.reading() as conn:
        found = editions.get(conn, f"{bulletin}/{period}")
        if found is None:
            abort(404)
        view, hidden = frozen_view(conn, found, here.words)
        slips = editions.slips(conn, found.id)
    series = series_of(found, here.words)
    return render_template(
        "edition.html",
        edition=found,
        view=view,
        hidden=hidden,
        sources={item.order: item for item in view.sources},
        kicker=_("Bản tin") if series == found.bulletin else series_name(series, here.words),
        name=found.title if series != found.bulletin else short_name(view.name),
        series=series,
        files=downloads(found),
        slips=slips,
        place="/ban-tin",
    )


def frozen_view(conn: Connection, found: ApprovedEdition, words: Words) -> tuple[View, frozenset[int]]:
    """The edition out of its frozen text and pinned revisions, and the articles taken down since."""
    pinned = {pin: articles.revision(conn, *pin) for pin in found.pins}
    known = articles.get_many(conn, [article for article, _revision in found.pins])
    archived = Archived(known, {pin: one for pin, one in pinned.items() if one is not None})
    bulletin = words.bulletins.get(found.bulletin) or Bulletin(
        found.bulletin, found.title, "weekly", tuple((topic, 0) for topic in words.topics)
    )
    parsed = files.parse(found.text)
    view = assemble(
        parsed,
        bulletin,
        words.config.site,
        archived,
        clock.day(found.approved),
        topics=words.config.topics,
        state="approved",
    )
    hidden = frozenset(number for number, article in known.items() if article.state == "takedown")
    return view, hidden


@pages.get("/ban-tin/<bulletin>/<period>/bia.png")
def cover(bulletin: str, period: str) -> Any:
    """The first printed page as a picture, to know an edition by; without articles taken down since."""
    here = shelf()
    with here.reading() as conn:
        found = editions.get(conn, f"{bulletin}/{period}")
        if found is None:
            abort(404)
        view, hidden = frozen_view(conn, found, here.words)
    if hidden:
        abort(404)
    answer = Response(pictures.cover(view), content_type="image/png")
    answer.headers["Cache-Control"] = "public, max-age=600"
    return answer


@pages.get("/ban-tin/<bulletin>/<period>/tep/<name>")
def file(bulletin: str, period: str, name: str) -> Any:
    """One frozen file, byte for byte; a page among them may neither run nor load anything."""
    with shelf().reading() as conn:
        found = editions.get(conn, f"{bulletin}/{period}")
        chosen = [one for one in found.files if one.name == name] if found else []
        if found is None or not chosen:
            abort(404)
        if withheld(found.id):
            return _kept_back(found, editions.slips(conn, found.id))
        data = editions.file(conn, f"{bulletin}/{period}", chosen[0].format)
    return _sent(chosen[0], data or b"")


def _kept_back(edition: ApprovedEdition, slips: list[ApprovedEdition]) -> Response:
    """Instead of a file that prints an article taken down: what is the matter, and what there is to read."""
    ways = [(links.edition(edition.id), _("Đọc {title} trên mạng, đã bỏ bài ấy", title=edition.title))]
    ways += [(links.edition(one.id), _("Xem tờ đính chính: {title}", title=one.title)) for one in slips]
    return problems.page(
        410,
        _("Tệp này không phát nữa"),
        [_("Một bài in trong tệp đã được gỡ theo yêu cầu sau khi số báo được duyệt.")],
        ways=ways,
    )


def _sent(file: EditionFile, data: bytes) -> Response:
    kind = RENDERERS[file.format].media_type if file.format in RENDERERS else "application/octet-stream"
    text = kind.startswith("text/")
    answer = Response(data, content_type=f"{kind}; charset=utf-8" if text else kind)
    shown = kind in ("text/html", "application/pdf", "text/plain")
    answer.headers["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{file.name}"'
    answer.headers["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
        if kind == "text/html"
        else "default-src 'none'"
    )
    answer.set_etag(file.sha256)
    # Asked again each time (304 if it may still be had): a file may be kept back from one hour to the next.
    answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request)
    return answer


def labels(of: Mapping[str, EditionFile]) -> list[str]:
    """What the files are called."""
    return [_(RENDERERS[name].label) for name in OFFERED if name in of]
