"""The API: the contract's shapes, paging, errors as problem+json, and the document that describes it."""

from __future__ import annotations

import json

import pytest

SEARCH_KEYS = {"query", "total", "took_ms", "engine", "hits", "facets"}
HIT_KEYS = {"id", "url", "title", "lead", "outlet", "source", "published", "score", "topics", "snippet"}


def test_schema_search_is_the_contract(client):
    body = client.get("/api/v1/search?q=người có uy tín&limit=3").get_json()
    assert body.keys() >= SEARCH_KEYS
    assert len(body["hits"]) == 3 and body["total"] > 50
    for hit in body["hits"]:
        assert hit.keys() >= HIT_KEYS
        assert (
            isinstance(hit["id"], int) and isinstance(hit["topics"], list) and isinstance(hit["score"], float)
        )


def test_searches_are_paged_by_a_cursor(client):
    seen: list[int] = []
    url = "/api/v1/search?q=người có uy tín&limit=20"
    while url:
        answer = client.get(url)
        seen += [hit["id"] for hit in answer.get_json()["hits"]]
        link = answer.headers.get("Link", "")
        url = link[1 : link.index(">")] if link else ""
    assert len(seen) == len(set(seen)) >= 60


def test_articles_are_paged_without_gaps_or_doubles(client, workspace):
    seen: list[int] = []
    url = "/api/v1/articles?limit=7"
    while url:
        answer = client.get(url)
        seen += [article["id"] for article in answer.get_json()["articles"]]
        link = answer.headers.get("Link", "")
        url = link[1 : link.index(">")] if link else ""
    assert sorted(seen) == list(range(1, len(seen) + 1)) and len(seen) == 66


@pytest.mark.parametrize(
    ("url", "parameter"),
    [
        ("/api/v1/search?q=a&limit=0", "limit"),
        ("/api/v1/search?q=a&limit=99999", "limit"),
        ("/api/v1/search?q=a&limit=x", "limit"),
        ("/api/v1/search?q=a&from=hôm qua", "from"),
        ("/api/v1/search?q=a&sort=magic", "sort"),
        ("/api/v1/search?q=a&cursor=AAAA", "cursor"),
        ("/api/v1/articles?cursor=WzFd", "cursor"),
        ("/api/v1/articles?cursor=%ff", "cursor"),
        ("/api/v1/editions?cursor=WyJ4Il0=", "cursor"),
    ],
)
def test_a_senseless_parameter_is_named(client, url, parameter):
    answer = client.get(url)
    assert answer.status_code == (404 if parameter == "cursor" else 400)
    assert answer.mimetype == "application/problem+json"
    body = answer.get_json(force=True)
    assert body["parameter"] == parameter and body["detail"]


def test_a_query_that_does_not_parse_has_its_place(client):
    body = client.get("/api/v1/search?q=rừng AND (").get_json(force=True)
    assert body["status"] == 400 and isinstance(body["position"], int)


def test_what_is_not_there_is_a_problem_too(client):
    for url in (
        "/api/v1/articles/999999",
        "/api/v1/articles/99999999999999999999",
        "/api/v1/editions/a/b",
        "/api/v1/x",
    ):
        answer = client.get(url)
        assert answer.status_code == 404 and answer.mimetype == "application/problem+json", url


def test_one_article_keeps_to_what_readers_may_see(client):
    lead = client.get("/api/v1/articles/1").get_json()
    assert (
        lead["show"] == "lead"
        and lead["paragraphs"] == []
        and lead["excerpts"]
        and lead["also_in"][0]["id"] == 5
    )
    full = client.get("/api/v1/articles/4").get_json()
    assert full["paragraphs"] and full["published"] is None
    link = client.get("/api/v1/articles/5").get_json()
    assert link["lead"] == "" and link["excerpts"] == [] and link["paragraphs"] == []


def test_topics_outlets_editions(client):
    topics = client.get("/api/v1/topics").get_json()["topics"]
    assert [topic["id"] for topic in topics] == ["dan-toc", "xay-dung-dang", "ton-giao", "chuyen-doi-so"]
    assert topics[0]["articles"] > 50
    assert {one["name"] for one in client.get("/api/v1/outlets").get_json()["outlets"]} >= {"Báo Sông Vân"}
    edition = client.get("/api/v1/editions").get_json()["editions"][0]
    assert edition["id"] == "bao-cao-vien/2026-W47" and edition["articles"] == [6, 7, 1]
    whole = client.get("/api/v1/editions/bao-cao-vien/2026-W47").get_json()
    assert whole["text"].startswith("---\nformat: 1")
    for file in edition["files"]:
        assert client.get(file["url"]).status_code == 200


def test_answers_have_etags(client):
    first = client.get("/api/v1/topics")
    assert client.get("/api/v1/topics", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_every_route_is_in_the_document_and_every_answer_fits_it(client, app):
    jsonschema = pytest.importorskip("jsonschema")
    document = client.get("/api/v1/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    routes = {
        rule.rule.replace("<int:", "{").replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and "path:" not in rule.rule
    }
    assert routes == set(document["paths"])
    examples = {
        "/api/v1/search": "/api/v1/search?q=rừng",
        "/api/v1/articles/{number}": "/api/v1/articles/1",
        "/api/v1/editions/{bulletin}/{period}": "/api/v1/editions/bao-cao-vien/2026-W47",
    }
    for path, item in document["paths"].items():
        schema = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        body = json.loads(client.get(examples.get(path, path)).data)
        jsonschema.Draft202012Validator({**schema, "components": document["components"]}).validate(body)


@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_schemathesis_finds_no_failure(app, mode):
    schemathesis = pytest.importorskip("schemathesis")
    from hypothesis import HealthCheck, given, settings
    from schemathesis import GenerationMode

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    for result in schema.get_all_operations():
        operation = result.ok()
        if mode == "negative" and not operation.query and not operation.path_parameters:
            continue

        @few
        @given(case=operation.as_strategy(generation_mode=GenerationMode(mode)))
        def probe(case):
            case.call_and_validate(headers={"Host": "localhost", "Accept-Encoding": "identity"})

        probe()
