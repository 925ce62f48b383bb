"""A session: the workspace, its configuration and its archive, opened for one job and closed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from digest import clock, config
from digest.errors import UsageError
from digest.model import Bulletin, Center, Config, Source, Topic
from digest.storage.engine import Archive
from digest.wording import _
from digest.workspace import Workspace

Named = TypeVar("Named", Bulletin, Center, Topic, Source)


@dataclass(frozen=True, slots=True)
class Session:
    """What a job works with. `now` is asked each time a moment is stored."""

    workspace: Workspace
    config: Config
    archive: Archive
    now: Callable[[], datetime]

    def bulletin(self, name: str) -> Bulletin:
        """The bulletin of that id; UsageError names those there are."""
        return _one(self.config.bulletins, name, _("Không có bản tin nào tên “{name}”", name=name))

    def center(self, name: str) -> Center:
        """The center of that id; UsageError names those there are."""
        return _one(self.config.centers, name, _("Không có trung tâm nào tên “{name}”", name=name))

    def topic(self, name: str) -> Topic:
        """The topic of that id; UsageError names those there are."""
        return _one(self.config.topics, name, _("Không có chủ đề nào tên “{name}”", name=name))

    def source(self, name: str) -> Source:
        """The source of that id; UsageError names those there are."""
        return _one(self.config.sources, name, _("Không có nguồn nào tên “{name}”", name=name))


def _one(things: tuple[Named, ...], name: str, missing: str) -> Named:
    for thing in things:
        if thing.id == name:
            return thing
    names = ", ".join(thing.id for thing in things) or _("(chưa có)")
    raise UsageError(missing, "sources.yaml", _("Các tên đang có: {names}", names=names))


def must_be_made(workspace: Workspace) -> None:
    """UsageError where no workspace was made: a mistyped folder is neither filled nor served."""
    if not workspace.sources_path.exists():
        raise UsageError(
            _("Thư mục này chưa có sources.yaml"),
            str(workspace.home),
            _("Gõ: digest init, hoặc chỉ đúng thư mục bằng digest --home THƯ_MỤC"),
        )


@contextmanager
def opened(
    workspace: Workspace, *, doing: str = "", now: Callable[[], datetime] = clock.now
) -> Iterator[Session]:
    """A session on a workspace; with `doing`, nobody else writes to it meanwhile (LockedError)."""
    with ExitStack() as stack:
        must_be_made(workspace)
        settings = config.load(workspace.sources_path)
        if doing:
            stack.enter_context(workspace.lock(doing))
        archive = Archive.open(workspace.database_url())
        stack.callback(archive.close)
        yield Session(workspace, settings, archive, now)
