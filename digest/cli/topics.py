"""`digest admin topics`: how right the topics' queries are, and what corrections say of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from digest.cli.show import bold, columns, good, json_option, number, put, put_json, quiet, warn
from digest.errors import UsageError
from digest.jobs.session import Session, opened
from digest.jobs.topics import EvaluationReport
from digest.search.proposals import Evaluation, Proposal
from digest.wording import _
from digest.workspace import Workspace

SHOWN = 5


@click.command("topics", help=_("Câu truy vấn của các chủ đề đúng tới đâu, nên thêm bớt từ nào"))
@click.option(
    "--evaluate",
    "labelled",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=_("Đối chiếu với tệp bài đã phân loại tay (CSV hay JSON từng dòng: id, url hoặc title; topics)"),
)
@click.option("--propose", is_flag=True, help=_("Gợi ý từ nên thêm, nên bớt, theo các lần biên tập viên sửa"))
@json_option
@click.pass_obj
def topics(workspace: Workspace, labelled: Path | None, propose: bool, as_json: bool) -> None:
    """Precision and recall per topic; terms proposed, with the counts that say why."""
    from digest.jobs import topics as job

    if labelled is None and not propose:
        raise UsageError(
            _("Chưa nói cần làm gì"), fix=_("Thêm --evaluate TỆP để chấm, hoặc --propose để xem gợi ý")
        )
    said: dict[str, object] = {}
    with opened(workspace) as session:
        if labelled is not None:
            report = job.evaluate(session, labelled)
            said["evaluation"] = _evaluation_shape(report)
            if not as_json:
                _print_evaluation(session, report)
        if propose:
            found = job.propose(session)
            said["proposals"] = [_proposal_shape(one) for one in found]
            if not as_json:
                _print_proposals(session, found)
    if as_json:
        put_json(said)


def _evaluation_shape(report: EvaluationReport) -> dict[str, object]:
    return {
        "articles": report.articles,
        "missing_lines": report.missing,
        "unknown_topics": report.unknown,
        "topics": [
            {
                "id": one.topic,
                "precision": round(one.precision, 4),
                "recall": round(one.recall, 4),
                "f1": round(one.f1, 4),
                "right": len(one.right),
                "wrong": one.wrong,
                "missed": one.missed,
            }
            for one in report.topics
        ],
    }


def _print_evaluation(session: Session, report: EvaluationReport) -> None:
    put(bold(_("Đối chiếu với {count} bài đã phân loại tay", count=number(report.articles))))
    names = {topic.id: topic.name for topic in session.config.topics}
    head = ("", _("gắn đúng"), _("gắn nhầm"), _("bỏ sót"), _("độ chính xác"), _("độ phủ"))
    rows = [head, *(_row(names[one.topic], one) for one in report.topics)]
    for row in columns(rows, right=lambda i: i > 0):
        put("  " + row)
    for one in report.topics:
        _print_slips(names[one.topic], one, report)
    for name in report.unknown:
        put(f"  {warn('!')} " + _("sources.yaml không có chủ đề “{name}”: các nhãn này bỏ qua", name=name))
    if report.missing:
        lines = ", ".join(str(line) for line in report.missing[:12]) + (" …" if report.missing[12:] else "")
        put(f"  {warn('!')} " + _("Kho không có bài của các dòng: {lines}", lines=lines))


def _row(name: str, one: Evaluation) -> tuple[str, ...]:
    counts = (len(one.right), len(one.wrong), len(one.missed))
    return name, *(number(count) for count in counts), _percent(one.precision), _percent(one.recall)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")


def _print_slips(name: str, one: Evaluation, report: EvaluationReport) -> None:
    for ids, what in ((one.wrong, _("Gắn nhầm")), (one.missed, _("Bỏ sót"))):
        for id in ids[:SHOWN]:
            put(quiet(f"    {what} ({name}): {_place(id)} {report.titles[id]}"))


def _place(id: int) -> str:
    """An article of the archive by its number, one of the file by its line."""
    return f"#{id}" if id > 0 else _("dòng {line}", line=-id)


def _proposal_shape(one: Proposal) -> dict[str, object]:
    counts = {"inside": one.inside, "of": one.of, "outside": one.outside, "rest": one.rest}
    return {"topic": one.topic, "term": one.term, "kind": one.kind, **counts, "z": round(one.z, 2)}


def _print_proposals(session: Session, found: Sequence[Proposal]) -> None:
    if not found:
        put(_("Chưa có gợi ý: biên tập viên còn sửa chủ đề quá ít, hoặc các lần sửa không có từ nào chung."))
        return
    for topic in session.config.topics:
        mine = [one for one in found if one.topic == topic.id]
        if mine:
            put(bold(topic.name))
        for one in mine:
            put("  " + (_added(one) if one.kind == "add" else _dropped(one)))
    put(quiet(_("Sửa câu truy vấn trong sources.yaml, rồi xem trước bằng: digest admin retag --dry-run")))


def _added(one: Proposal) -> str:
    said = _(
        "có trong {inside} trên {of} bài biên tập viên gắn thêm, và {outside} trên {rest} bài khác"
        " (lệch {z} lần sai số)",
        inside=one.inside,
        of=one.of,
        outside=number(one.outside),
        rest=number(one.rest),
        z=f"{one.z:.1f}".replace(".", ","),
    )
    return good("+ ") + f'OR "{one.term}"  ' + quiet(said)


def _dropped(one: Proposal) -> str:
    said = _(
        "đưa vào {inside} trên {of} bài biên tập viên gỡ ra, và {outside} trên {rest} bài để nguyên",
        inside=one.inside,
        of=one.of,
        outside=number(one.outside),
        rest=number(one.rest),
    )
    return warn("− ") + f'"{one.term}"  ' + quiet(said)
