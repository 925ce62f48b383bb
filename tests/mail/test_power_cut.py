"""The machine stops: whatever was not on the disk is gone, and still nobody gets two letters."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from post_office import CENTER, EDITION, SECRET, Post, letter, make_archive, people, send, states

from digest.mail import agenda, books, boot
from digest.mail.dispatch import Sending, run
from digest.storage import deliveries
from digest.storage.engine import Archive

NUMBER = 150


@pytest.fixture
def on_disk(monkeypatch, archive, tmp_path):
    """What is surely on the disk: the files as of the last commit that waited for it."""
    images = []
    plain = Archive.writing

    @contextmanager
    def writing(self):
        with plain(self) as conn:
            yield conn
        images.append(
            {
                path.name: path.read_bytes()
                for path in tmp_path.glob("archive.sqlite3*")
                if "shm" not in path.name
            }
        )

    monkeypatch.setattr(Archive, "writing", writing)
    return images


@pytest.mark.parametrize("seed", range(3))
def test_nobody_gets_two_letters_after_a_power_cut(
    monkeypatch, archive, open_office, tmp_path, on_disk, seed
):
    monkeypatch.setattr(books, "MOST_AHEAD", 32)
    post, at_letter = Post(), []
    post.data = lambda _address, _nth: at_letter.append(len(on_disk))
    run(archive, Sending(letter(), people(NUMBER), open_office(post).address), SECRET)
    assert post.got() == [f"nguoi{n}@thu.test" for n in range(NUMBER)]
    assert len(on_disk) < NUMBER / 5  # otherwise nothing is lost, and nothing is shown
    monkeypatch.setattr(agenda, "this_boot", lambda: "another boot")
    for cut in random.Random(seed).sample(range(1, NUMBER), 4):
        home = tmp_path / f"after-{cut}"
        home.mkdir()
        for name, data in on_disk[at_letter[cut - 1] - 1].items():
            (home / name).write_bytes(data)
        again = make_archive(home)
        rest = Post()
        send(again, open_office(rest).address, NUMBER)
        got = Counter([*post.got()[:cut], *rest.got()])
        ledger = states(again)
        again.close()
        assert max(got.values()) == 1
        assert all(got[f"nguoi{n}@thu.test"] == 1 for n, state in enumerate(ledger) if state == "sent")
        assert set(ledger) <= {"sent", "unknown"} and ledger.count("unknown") <= 33


def test_in_the_same_boot_a_claim_is_nothing(archive, open_office):
    """A killed process loses nothing that it had committed: what was only claimed is sent."""

    post = Post(rcpt=lambda _address, nth: "450 4.2.0 Later" if nth == 1 else None)
    office = open_office(post)
    send(archive, office.address, 3, longest_wait=timedelta(0))
    with archive.writing() as conn:
        found = deliveries.dispatch(conn, EDITION, CENTER)
        ids = [row.id for row in deliveries.all_of(conn, found.id)]
        deliveries.claim(conn, ids[:1], boot.this_boot())
        deliveries.claim(conn, ids[1:2], "some other boot")
    send(archive, office.address, 3)
    assert states(archive) == ["sent", "unknown", "sent"]


def test_boots_are_told_apart_and_doubt_means_another():
    assert boot.same_boot(boot.this_boot(), boot.this_boot())
    assert boot.same_boot("1700000000", "1700000012")
    assert not boot.same_boot("1700000000", "1700000300")
    assert not boot.same_boot("a", "b")
    assert not boot.same_boot("", "1700000000")
