"""The index in generations: brought up, made again, torn and mended; readers never repair."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.errors import SearchError
from digest.search import generations, index, opened, writer
from digest.search.find import Request, search
from digest.storage import articles
from digest.storage.engine import Archive
from tests.contract.test_engines import some_documents
from tests.search.conftest import Put

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def found(folder: Path, text: str) -> list[tuple[int, float]]:
    from digest import query
    from digest.search.engines.blocks import Blocks

    ranked = Blocks(index.Index.open(folder)).find(query.parse(text), Request(text, limit=500)).ranked
    return [(one.article, one.score) for one in ranked]


def generation(folder: Path) -> Path:
    return generations.current(folder)


def packs(folder: Path) -> list[Path]:
    return sorted(generation(folder).glob("*.pack"))


def test_bringing_up_takes_only_what_changed(archive: Archive, folder: Path, put: Put) -> None:
    one = put("Hạ Sơn gieo cấy vụ đông")
    assert index.sync(archive, folder).rebuilt
    two = put("Bến Thử gieo cấy vụ xuân")
    synced = index.sync(archive, folder)
    assert (synced.indexed, synced.removed, synced.rebuilt) == (1, 0, False)
    assert {id for id, _score in found(folder, "gieo cấy")} == {one, two}
    assert index.sync(archive, folder).indexed == 0
    assert index.state(folder).articles == 2


def test_a_correction_replaces_what_was_there(archive: Archive, folder: Path, put: Put) -> None:
    put("Tin về cầu Sông Vân", url="https://bao.example.vn/cau")
    index.sync(archive, folder)
    put("Tin về phà Sông Vân", url="https://bao.example.vn/cau")
    index.sync(archive, folder)
    assert index.state(folder).articles == 1
    assert [hit.whole for hit in search(archive, folder, Request("cầu")).hits] == []
    assert search(archive, folder, Request("phà")).total == 1


def test_updates_give_what_a_fresh_index_gives(folder: Path, tmp_path: Path) -> None:
    documents = some_documents(80)
    index.rebuild(folder, some_documents(50, seed=4), 1)
    for at in range(0, 80, 8):  # so many small segments that they are merged on the way
        index.update(folder, documents[at : at + 8], range(at + 1, at + 9), 2 + at)
    fresh = tmp_path / "fresh"
    index.rebuild(fresh, documents, 1)
    assert len(packs(folder)) <= writer.MOST_SMALL + 1
    for text in ["tôn giáo", "ton giao dan toc", '"hòa giải"', "Bến Thử OR xã", "35-NQ/TW lý"]:
        assert found(folder, text) == found(fresh, text)


def test_old_generations_are_swept_and_shared_files_not_copied(folder: Path) -> None:
    index.rebuild(folder, some_documents(20), 1)
    kept = packs(folder)[0]
    for seq in range(2, 6):
        index.update(folder, [], [seq], seq)
    assert len([one for one in folder.iterdir() if one.is_dir()]) == 2
    assert (generation(folder) / kept.name).stat().st_nlink >= 2
    assert index.state(folder).articles == 16


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zero(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    path.write_bytes(data)


TEARS = [truncate, zero, Path.unlink]


@pytest.mark.parametrize("tear", TEARS, ids=lambda tear: tear.__name__)
@pytest.mark.parametrize("pattern", ["*.pack", "words.txt", "_MAIN_1.toc", "generation.json", "../CURRENT"])
def test_a_torn_index_is_said_by_readers_and_mended_by_the_writer(
    archive: Archive, folder: Path, put: Put, pattern: str, tear
) -> None:  # type: ignore[no-untyped-def]
    for number in range(20):
        put(f"Hạ Sơn gieo cấy lần {number}", "Xã họp bàn.", "Nông dân ra đồng. " * 5)
    index.sync(archive, folder)
    before = found(folder, "gieo cấy")
    victim = folder / "CURRENT" if "CURRENT" in pattern else next(generation(folder).glob(pattern))
    tear(victim)
    state = index.state(folder)  # zeroed pages are seen by the writer's check, at the latest
    try:
        search(archive, folder, Request("gieo cấy"))
    except SearchError as said:
        assert not state.ok or tear is zero
        assert str(said)
    synced = index.sync(archive, folder)
    assert synced.rebuilt
    assert synced.reason
    assert found(folder, "gieo cấy") == before


def test_power_loss_leaves_the_old_index_or_the_new(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file that was not synced before CURRENT named its generation is lost: nothing may be missed."""
    synced: set[tuple[int, int]] = set()
    real = os.fsync

    def fsync(handle: int) -> None:
        stat = os.fstat(handle)
        synced.add((stat.st_dev, stat.st_ino))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    index.rebuild(folder, some_documents(30), 1)
    index.update(folder, some_documents(40)[30:], [3], 2)
    for path in [*generation(folder).iterdir(), generation(folder), folder, folder / "CURRENT"]:
        stat = path.stat()
        if (stat.st_dev, stat.st_ino) not in synced and not (os.name == "nt" and path.is_dir()):
            truncate(path)
    assert index.state(folder).articles == 39
    generations.check_contents(generation(folder), generations.stamp(generation(folder))["files"])


def test_a_killed_writer_leaves_the_index_as_it_was(folder: Path) -> None:
    index.rebuild(folder, some_documents(30), 1)
    before = found(folder, "tôn giáo")
    script = (
        "import sys, pathlib; from tests.contract.test_engines import some_documents;"
        "from digest.search import index, writer; writer.MOST_SMALL = 0;"
        "print('go', flush=True)\n"
        "n = 2\n"
        "while True: index.update(pathlib.Path(sys.argv[1]), some_documents(30)[:15], range(1, 16), n); n += 1"
    )
    for wait in (0.02, 0.11, 0.23):
        running = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE)
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(wait)
        running.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        running.wait()
        running.stdout.close()
        assert found(folder, "tôn giáo") == before
    index.update(folder, [], (), 99)
    assert found(folder, "tôn giáo") == before
    assert len([one for one in folder.iterdir() if one.is_dir()]) == 2


def test_readers_go_on_while_generations_come_and_go(folder: Path) -> None:
    index.rebuild(folder, some_documents(30), 1)
    stop, faults, counts = threading.Event(), [], []

    def read() -> None:
        while not stop.is_set():
            try:
                counts.append(len(found(folder, "tôn giáo")))
            except SearchError as fault:  # pragma: no cover - what must not happen
                faults.append(fault)

    reader = threading.Thread(target=read)
    reader.start()
    for seq in range(2, 30):
        index.update(folder, some_documents(30)[:5], range(1, 6), seq)
    stop.set()
    reader.join()
    assert faults == []
    assert len(set(counts)) == 1


def test_an_open_index_notices_a_new_generation(folder: Path) -> None:
    index.rebuild(folder, some_documents(10), 1)
    first = opened.opened(folder)
    assert opened.opened(folder) is first
    index.update(folder, [], [1], 2)
    assert opened.opened(folder).articles == 9
    assert first.articles == 10


def test_while_one_opens_a_newer_index_others_are_answered_out_of_the_one_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.rebuild(folder, some_documents(10), 1)
    first = opened.opened(folder)
    index.update(folder, [], [1], 2)
    begun, go_on, really = threading.Event(), threading.Event(), opened.Index.open

    def slow(where: Path) -> opened.Index:
        begun.set()
        assert go_on.wait(30)
        return really(where)

    monkeypatch.setattr(opened.Index, "open", slow)
    one = threading.Thread(target=opened.opened, args=(folder,))
    one.start()
    assert begun.wait(30)
    assert opened.opened(folder) is first
    assert opened.answering(folder) == first.name
    go_on.set()
    one.join()
    assert opened.opened(folder).articles == 9
    assert opened.answering(folder) != first.name


def test_another_analysis_is_made_again(archive: Archive, folder: Path, put: Put, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    put("Hạ Sơn gieo cấy")
    index.sync(archive, folder)
    monkeypatch.setattr("digest.search.analysis.VERSION", 999)
    assert not index.state(folder).ok
    assert index.sync(archive, folder).rebuilt


def test_an_archive_restored_to_earlier_is_indexed_again(
    archive: Archive, folder: Path, put: Put, tmp_path
) -> None:  # type: ignore[no-untyped-def]
    put("Hạ Sơn gieo cấy")
    index.sync(archive, folder)
    index.update(folder, [], (), 10_000)
    assert index.sync(archive, folder).rebuilt


def test_a_takedown_is_no_rebuild_and_an_empty_archive_an_index(
    archive: Archive, folder: Path, put: Put
) -> None:
    assert index.sync(archive, folder).rebuilt
    assert search(archive, folder, Request("gì")).total == 0
    id = put("Hạ Sơn gieo cấy")
    index.sync(archive, folder)
    with archive.writing() as conn:
        articles.mark(conn, id, "takedown", "thử", NOW)
    synced = index.sync(archive, folder)
    assert (synced.removed, synced.rebuilt) == (1, False)
    assert search(archive, folder, Request("gieo cấy")).total == 0


def test_a_failed_write_leaves_no_trace(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index.rebuild(folder, some_documents(10), 1)
    before = found(folder, "tôn giáo")

    def full(*_words: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writer, "write", full)
    with pytest.raises(SearchError, match="No space left"):
        index.update(folder, some_documents(10), (), 2)
    assert found(folder, "tôn giáo") == before
    assert len([one for one in folder.iterdir() if one.is_dir()]) == 1


def test_a_disk_without_links_gets_copies(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index.rebuild(folder, some_documents(10), 1)

    def no_links(*_paths: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    index.update(folder, [], [1], 2)
    shutil.rmtree(next(one for one in folder.iterdir() if one.is_dir() and one != generation(folder)))
    assert index.state(folder).articles == 9
