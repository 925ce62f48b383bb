"""Leaving a list: a look leaves nobody, one POST does, and a strange token is no page."""

from digest import clock
from digest.demo.newsroom import start_newsroom
from digest.demo.sources import sources_yaml
from digest.jobs.setup import make_workspace
from digest.mail.address import Hasher, parse
from digest.mail.unsubscribe import PATH, Tokens
from digest.storage import deliveries
from digest.storage.engine import Archive
from digest.web.app import create_app
from digest.workspace import Workspace


def test_one_post_leaves_and_a_look_does_not(tmp_path, caplog):
    caplog.set_level("INFO", "digest.web.access")
    workspace = Workspace(tmp_path / "home")
    with start_newsroom(clock.now()) as newsroom:
        make_workspace(workspace, sources_yaml(newsroom))
    secret = workspace.secret_key()
    key = Hasher(secret)(parse("thoa.be@example.vn"))
    address = f"{PATH}/{Tokens(secret).make('ben-thu', key)}"
    archive = Archive.open(workspace.database_url())
    reader = create_app(workspace).test_client()

    def left():
        with archive.reading() as conn:
            return key in deliveries.suppressed(conn, [key])

    asked = reader.get(address)
    assert asked.status_code == 200 and "Thôi nhận bản tin" in asked.text and not left()
    done = reader.post(address, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200 and left() and "Set-Cookie" not in done.headers
    assert reader.post(f"{PATH}/khong-co-that").status_code == 404
    assert reader.get(f"/~lon{address}").status_code in (200, 404)
    assert f"{PATH}/…" in caplog.text and address.rpartition("/")[2] not in caplog.text
    archive.close()
