"""Telling the editor by letter what went wrong while nobody watched: each thing once, not every hour."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest import clock
from digest.errors import DigestError, UsageError
from digest.jobs import outgoing
from digest.jobs.session import Session, opened
from digest.jobs.status import alarms
from digest.mail import notice
from digest.mail.address import Address, BadAddress, parse
from digest.mail.message import sender_address
from digest.mail.server import server
from digest.wording import _
from digest.workspace import Workspace, atomic_write

log = logging.getLogger("digest.notice")
AGAIN = timedelta(hours=24)  # a trouble that stays is told again after so long


@dataclass(frozen=True, slots=True)
class Told:
    """What the editor knows: sources by their alarm's state, and the last troubles with their time."""

    sources: Mapping[str, str]
    troubles: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What the editor does not know yet: troubles of the run, sources as (name, what is wrong)."""

    troubles: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.troubles or self.sources)


def news(
    told: Told, troubles: Sequence[str], states: Mapping[str, tuple[str, str, str]], now: datetime
) -> News:
    """What is new; pure. `states`: source → (state, name, what is wrong), for those in alarm."""
    same = tuple(troubles) == told.troubles and told.at is not None and now - told.at < AGAIN
    sources = tuple(
        (name, alarm) for source, (state, name, alarm) in states.items() if told.sources.get(source) != state
    )
    return News(() if same else tuple(troubles), sources)


def tell(workspace: Workspace, troubles: Sequence[str] = (), now: datetime | None = None) -> bool:
    """Writes to the editor (DIGEST_EDITOR) if there is news; whether a letter went out.

    Never raises what belongs to the letter alone: a log line says why it could not go.
    """
    try:
        to = _editor(workspace)
        if to is None:
            log.warning("%s", _("--notify chưa báo được cho ai: chưa có thiết đặt editor"))
            return False
        return _tell(workspace, to, troubles, now or clock.now())
    except DigestError as failure:
        log.error("%s", _("Không báo được cho người biên tập: {why}", why=failure))
        return False


def _tell(workspace: Workspace, to: Address, troubles: Sequence[str], now: datetime) -> bool:
    told = _remembered(workspace)
    with ExitStack() as held:
        session: Session | None = None
        try:
            session = held.enter_context(opened(workspace))
            known = states = alarms(session)
        except DigestError:
            if not troubles:
                raise
            # sources.yaml or the archive is what failed: told without them.
            session, states = None, {}
            known = {source: (state, "", "") for source, state in told.sources.items()}
        found = news(told, troubles, states, now)
        if found:
            _send(workspace, session, to, found, now)
    at = now if found.troubles or not troubles else told.at
    _remember(workspace, Told({source: one[0] for source, one in known.items()}, tuple(troubles), at))
    return bool(found)


def _editor(workspace: Workspace) -> Address | None:
    said = workspace.setting("DIGEST_EDITOR")
    if not said:
        return None
    try:
        return parse(said)
    except BadAddress as wrong:
        raise UsageError(
            _("Địa chỉ người biên tập không dùng được: {reason}", reason=wrong), "DIGEST_EDITOR"
        ) from wrong


def _send(workspace: Workspace, session: Session | None, to: Address, found: News, now: datetime) -> None:
    """By the first center that has a mail server; without sources.yaml from the editor to themselves."""
    centers = session.config.centers if session else ()
    center = next((one for one in centers if workspace.smtp_url(one.id)), None)
    if session and center:
        sender, box = sender_address(center.sender), outgoing.mail_server(session, center)
        sign = outgoing.signer(session, center)
    else:
        url = workspace.setting("DIGEST_SMTP_URL")
        if not url:
            raise UsageError(_("Chưa có địa chỉ máy chủ thư"), str(workspace.settings_path))
        sender, box, sign = to, server(url), None
    subject = _("Bản tin: lần chạy ngày {day} có chỗ cần xem", day=f"{clock.local(now):%d/%m/%Y}")
    letter = notice.compose(sender, to, subject, _text(workspace, found), now)
    notice.deliver(box, sender, to, letter, sign)


def _text(workspace: Workspace, found: News) -> str:
    lines = [_("Chương trình làm bản tin ở {home} báo:", home=workspace.home)]
    for trouble in found.troubles:
        lines += ["", *trouble.splitlines()]
    if found.sources:
        lines += ["", _("Nguồn cần xem:")]
        lines += [f"- {name}: {alarm}" for name, alarm in found.sources]
    lines += [
        "",
        _("Xem đầy đủ: gõ digest status"),
        _("Mỗi việc báo một lần; việc còn hỏng thì hôm sau báo lại."),
    ]
    return "\n".join(lines) + "\n"


def _remembered(workspace: Workspace) -> Told:
    try:
        said = json.loads((workspace.home / "notice.json").read_text(encoding="utf-8"))
        at = datetime.fromisoformat(said["at"]) if said["at"] else None
        return Told(dict(said["sources"]), tuple(said["troubles"]), at)
    except (OSError, ValueError, KeyError, TypeError):
        return Told({})


def _remember(workspace: Workspace, told: Told) -> None:
    said = {
        "sources": dict(told.sources),
        "troubles": list(told.troubles),
        "at": told.at.isoformat() if told.at else None,
    }
    atomic_write(workspace.home / "notice.json", json.dumps(said, ensure_ascii=False).encode())
