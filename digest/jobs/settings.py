"""What settings.toml holds that means nothing: a limit misspelt is a limit not kept."""

from __future__ import annotations

from digest import settings
from digest.config.faults import meant
from digest.jobs.session import Session
from digest.wording import _


def unknown(session: Session) -> tuple[str, ...]:
    """One sentence for each name in settings.toml that no setting has, with the one perhaps meant."""
    known = settings.known([center.id for center in session.config.centers])
    found = []
    for name in session.workspace.setting_names():
        if name not in known:
            what = _("settings.toml: không có thiết đặt nào tên “{name}”", name=name[:60])
            near = meant(name.removeprefix("digest_"), known)
            found.append(f"{what}. {near}" if near else what)
    return tuple(found)
