import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collect import urls


@pytest.mark.parametrize(
    ("given_url", "known_as"),
    [
        ("https://bao.example/tin-1.html#binh-luan", "https://bao.example/tin-1.html"),
        ("https://bao.example/tin?id=5&utm_source=zalo&utm_medium=x", "https://bao.example/tin?id=5"),
        ("https://bao.example/tin?fbclid=abc", "https://bao.example/tin"),
        ("HTTPS://BAO.Example:443/Tin", "https://bao.example/Tin"),
        ("http://bao.example:80", "http://bao.example/"),
        (
            "https://bao.example/xã/tin đẹp.html".replace(" ", "%20"),
            "https://bao.example/x%C3%A3/tin%20%C4%91%E1%BA%B9p.html",
        ),
        ("http://user:mat@bao.example/a", "http://bao.example/a"),
        ("https://bao.example/home?urile=wcm:path:/a/b", "https://bao.example/home?urile=wcm:path:/a/b"),
    ],
)
def test_an_article_is_known_by_its_address_without_what_only_tracks(given_url, known_as):
    assert urls.identity(given_url) == known_as


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://",
        "ftp://a.b/",
        "http://a b.vn/",
        "http://a\\@b.vn/",
        "http://a.vn:99999/",
    ],
)
def test_what_is_no_web_address_is_refused(bad):
    with pytest.raises(ValueError):
        urls.identity(bad)


@given(
    st.from_regex(
        r"https?://[a-z]{1,8}\.vn(/[a-z0-9%\-._~ăđ]{0,12}){0,3}(\?[a-z]=[a-z0-9ơ&=]{0,9})?(#[a-z]*)?",
        fullmatch=True,
    )
)
def test_identity_of_an_identity_is_itself(url):
    once = urls.identity(url)
    assert urls.identity(once) == once


def test_links_of_a_page_become_absolute_or_nothing():
    assert urls.absolute("https://bao.example/muc/", "../tin-2.html") == "https://bao.example/tin-2.html"
    assert urls.absolute("https://bao.example/", "mailto:a@b.vn") is None
    assert urls.site("https://www.bao.example/x") == "bao.example"
