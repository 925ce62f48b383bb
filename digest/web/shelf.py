"""What every request reads from: the configuration as it stands on disk, the archive, the index."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar, cast

from flask import current_app
from sqlalchemy.engine import Connection

from digest import clock
from digest import config as configuration
from digest.errors import DigestError, StorageError
from digest.model import Bulletin, Config, Source, Topic
from digest.search import serving
from digest.search.opened import answering
from digest.storage import articles, editions
from digest.storage.engine import Archive
from digest.web import links
from digest.web.keeping import Watch
from digest.wording import _
from digest.workspace import Workspace

log = logging.getLogger("digest.web")
Made = TypeVar("Made")
LOOK_AGAIN = 2.0  # seconds between looks at sources.yaml


@dataclass(frozen=True)
class Words:
    """What sources.yaml says, by id and name."""

    config: Config

    @cached_property
    def topics(self) -> dict[str, Topic]:
        """Topics by id."""
        return {topic.id: topic for topic in self.config.topics}

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Sources by id."""
        return {source.id: source for source in self.config.sources}

    @cached_property
    def bulletins(self) -> dict[str, Bulletin]:
        """Bulletins by id."""
        return {bulletin.id: bulletin for bulletin in self.config.bulletins}

    @cached_property
    def outlets(self) -> dict[str, str]:
        """Outlets' names by slug, as sources.yaml names them."""
        return {links.outlet_slug(source.outlet): source.outlet for source in self.config.sources}

    @cached_property
    def publisher(self) -> str:
        """Who stands above the site's name: the one publisher or center there is, else nobody."""
        names = {center.name for center in self.config.centers} or {
            bulletin.publisher for bulletin in self.config.bulletins if bulletin.publisher
        }
        return names.pop() if len(names) == 1 else ""

    def topic_name(self, topic: str) -> str:
        """The name people know it by; a topic that left sources.yaml is named by its id."""
        return self.topics[topic].name if topic in self.topics else topic

    def show(self, source: str) -> str:
        """What readers may see of a source's articles: full | lead | link. A source that left: lead."""
        return self.sources[source].show if source in self.sources else "lead"


@dataclass
class Shelf:
    """One a process; opened on first use, so that the program starts even when something is broken."""

    workspace: Workspace
    _guard: threading.RLock = field(default_factory=threading.RLock)
    _archive: Archive | None = None
    _words: Words | None = None
    _seen: tuple[int, int] = (0, 0)
    _looked: float = 0.0
    config_fault: str = ""
    _watch: Watch | None = None
    _asked: float = 0.0
    _last: object = None
    _indexed: int = 0
    _kept: dict[str, tuple[Words, object]] = field(default_factory=dict)
    _counted: dict[str, tuple[object, object]] = field(default_factory=dict)

    @property
    def words(self) -> Words:
        """sources.yaml as it stands; while it is faulty, as it stood before (the health page says so)."""
        if self._words is not None and time.monotonic() - self._looked < LOOK_AGAIN:
            return self._words
        with self._guard:
            return self._look()

    def _look(self) -> Words:
        path = self.workspace.sources_path
        self._looked = time.monotonic()
        try:
            stat = path.stat()
            mark = (stat.st_mtime_ns, stat.st_size)
            if self._words is None or mark != self._seen:
                self._words = Words(configuration.load(path))
                self._seen, self.config_fault = mark, ""
        except (OSError, DigestError) as fault:
            self.config_fault = str(fault)
            log.warning("sources.yaml: %s", fault)
            if self._words is None:
                self._words = Words(Config())
        return self._words

    @property
    def archive(self) -> Archive:
        """The archive; StorageError if the workspace has none yet (readers never make one)."""
        if self._archive is None:
            with self._guard:
                if self._archive is None:
                    self._archive = self._open()
        return self._archive

    def _open(self) -> Archive:
        url = self.workspace.database_url()
        if url.startswith("sqlite") and not self.workspace.setting("DIGEST_DATABASE_URL"):
            path = self.workspace.archive_path
            if not path.exists():
                raise StorageError(_("Chưa có kho bài"), str(path.name), _("Chạy: digest weekly"))
        return Archive.open(url, self.workspace.setting("DIGEST_READ_URL"))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read-only connection that sees one moment of the archive."""
        with self.archive.reading() as conn:
            yield conn

    def kept(self, name: str, make: Callable[[], Made]) -> Made:
        """Something made out of sources.yaml and settings, made again when sources.yaml changed."""
        words = self.words
        found = self._kept.get(name)
        if found is None or found[0] is not words:
            found = self._kept[name] = (words, make())
        return cast(Made, found[1])

    def counted(self, name: str, count: Callable[[Connection], Made]) -> Made:
        """What is counted over the whole archive, counted again when the archive was written to."""
        return self._since(self._written(), name, count)

    def indexed(self, name: str, count: Callable[[Connection], Made]) -> Made:
        """What takes longer to count, and may lag behind: counted again when the index was written."""
        return self._since(self._index_mark(), name, count)

    def _since(self, mark: object, name: str, count: Callable[[Connection], Made]) -> Made:
        found = self._counted.get(name)
        if found is None or found[0] != mark:
            with self.reading() as conn:
                found = self._counted[name] = (mark, count(conn))
        return cast(Made, found[1])

    def mark(self) -> object:
        """Cheaply, what every page depends on: archive, index (the newest, and the one that answers until
        that is open), sources.yaml, and the day."""
        try:
            return self._written(), self.standing()
        except (DigestError, sqlite3.Error):  # the page itself will say what is wrong; nothing is kept
            return object()

    def standing(self) -> object:
        """What pages depend on beside the archive: the index, sources.yaml, the day."""
        indexed = self._index_mark(), answering(self.workspace.index_dir)
        return indexed, id(self.words), clock.day(clock.now())

    def _written(self) -> object:
        """Changes with every write to the archive; on PostgreSQL it is asked at most once a second."""
        file = self.archive.file
        if file is not None:
            if self._watch is None:
                self._watch = Watch(file)
            return self._watch.version()
        if time.monotonic() - self._asked > 1.0:
            indexed = serving.state(self.archive, self.workspace.index_dir).seq
            with self.reading() as conn:
                self._last = (articles.last_change(conn), editions.count(conn), indexed)
            self._indexed = indexed
            self._asked = time.monotonic()
        return self._last

    def _index_mark(self) -> object:
        if self.archive.file is None:  # searched in PostgreSQL, and asked there at most once a second
            self._written()
            return self._indexed
        try:
            return (self.workspace.index_dir / "CURRENT").stat().st_mtime_ns
        except OSError:
            return 0

    def close(self) -> None:
        """Closes the archive's connections."""
        with self._guard:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
            if self._archive is not None:
                self._archive.close()
                self._archive = None


def shelf() -> Shelf:
    """The shelf of the application that answers the present request."""
    return cast(Shelf, current_app.extensions["digest"])
