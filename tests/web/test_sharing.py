"""Connections of one moment are shared out between the processes that serve."""

from __future__ import annotations

import socket

import pytest

from digest.web import serve, sharing


def hello(environ, start):
    start("200 OK", [])
    return [b"hello"]


@pytest.fixture
def listening():
    sockets = serve.listening("127.0.0.1", 0)
    yield sockets
    for one in sockets:
        one.close()


@pytest.fixture
def heard(listening):
    """A server of two, its counts, and itself as its loop has it."""
    counts = [0, 0]
    server = sharing.server(hello, listening, serve.limits(), counts, 0)
    yield next(one for one in server.map.values() if isinstance(one, sharing.Sharing)), counts
    server.close()


def test_a_process_with_more_connections_leaves_the_next_to_another(listening, heard, monkeypatch):
    mine, counts = heard
    taken = []
    monkeypatch.setattr(sharing.time, "sleep", lambda seconds: taken.append(listening[0].accept()[0]))
    with socket.create_connection(listening[0].getsockname()):
        mine.handle_accept()
        assert taken == [] and counts == [1, 0]
        with socket.create_connection(listening[0].getsockname()):
            mine.handle_accept()
            assert len(taken) == 1 and counts == [1, 0]
            taken[0].close()


def test_a_connection_that_no_other_takes_is_taken_after_the_pause(listening, heard):
    mine, counts = heard
    addresses = [listening[0].getsockname()] * 3
    clients = [socket.create_connection(address) for address in addresses]
    for _client in clients:
        mine.handle_accept()
    assert counts == [3, 0]
    for one in list(mine.active_channels.values()):
        one.handle_close()
    assert mine.readable() and counts == [0, 0]
    for client in clients:
        client.close()
