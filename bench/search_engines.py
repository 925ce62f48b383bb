"""The engines that bench/search.py asks, each in the form its own documents recommend."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from search_questions import Question

from digest import query
from digest.search import index
from digest.search.document import Document
from digest.search.engines.blocks import Blocks
from digest.search.results import Request
from digest.text.normalise import fold
from digest.text.tokens import syllables


class Ours:
    """This project's index."""

    name = "digest (Whoosh)"

    def build(self, documents: Sequence[Document], folder: Path) -> None:
        index.rebuild(folder, documents, 1)

    def open(self, folder: Path) -> None:
        self.engine = Blocks(index.Index.open(folder))

    def ask(self, one: Question) -> list[int]:
        text = {"phrase": f'"{one.text}"', "all": " AND ".join(one.text.split())}.get(one.mode, one.text)
        dated = {"sort": "newest", "first": date(2025, 1, 1)} if one.mode == "date" else {}
        found = self.engine.find(query.parse(text), Request(text, limit=10, **dated))  # type: ignore[arg-type]
        return [ranked.article for ranked in found.ranked]


class Fts:
    """SQLite FTS5 over folded syllables; with `pairs` also over neighbouring ones."""

    def __init__(self, pairs: bool) -> None:
        self.pairs = pairs
        self.name = "SQLite FTS5, pairs" if pairs else "SQLite FTS5"

    def build(self, documents: Sequence[Document], folder: Path) -> None:
        folder.mkdir(parents=True)
        self.open(folder)
        self.conn.execute(
            "CREATE VIRTUAL TABLE t USING fts5(title, lead, body, content='', tokenize='unicode61')"
        )
        self.conn.execute("CREATE TABLE d (id INTEGER PRIMARY KEY, day INTEGER)")
        with self.conn:
            for one in documents:
                texts = [self._terms(text) for text in (one.title, one.lead, "\n".join(one.body))]
                self.conn.execute(
                    "INSERT INTO t(rowid, title, lead, body) VALUES (?, ?, ?, ?)", (one.id, *texts)
                )
                self.conn.execute(
                    "INSERT INTO d VALUES (?, ?)", (one.id, one.day.toordinal() if one.day else 0)
                )
        self.conn.close()

    def _terms(self, text: str) -> str:
        tokens = syllables(fold(text))
        return " ".join([*tokens, *(a + "0" + b for a, b in pairwise(tokens))] if self.pairs else tokens)

    def open(self, folder: Path) -> None:
        self.conn = sqlite3.connect(folder / "fts.sqlite3")

    def ask(self, one: Question) -> list[int]:
        tokens = syllables(fold(one.text))
        both = self._terms(one.text).split()
        wanted = {
            "all": " AND ".join(tokens),
            "phrase": '"' + " ".join(tokens) + '"',
            "best": " OR ".join(both),
        }
        match = wanted.get(one.mode, " AND ".join(tokens))
        if one.mode == "phrase" and self.pairs:
            match = " AND ".join(a + "0" + b for a, b in pairwise(tokens)) or tokens[0]
        if one.mode == "date":
            sql = "SELECT d.id FROM t JOIN d ON d.id = t.rowid WHERE t MATCH ? AND day >= ? ORDER BY day DESC LIMIT 10"
            return [row[0] for row in self.conn.execute(sql, (match, date(2025, 1, 1).toordinal()))]
        sql = "SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t, 3, 2, 1) LIMIT 10"
        return [row[0] for row in self.conn.execute(sql, (match,))]


class Tantivy:
    """tantivy over folded syllables."""

    name = "tantivy"

    def _schema(self) -> Any:
        import tantivy

        schema = tantivy.SchemaBuilder()
        schema.add_integer_field("id", stored=True, indexed=True)
        schema.add_integer_field("day", stored=False, indexed=True, fast=True)
        for name in ("title", "lead", "body"):
            schema.add_text_field(name, tokenizer_name="whitespace", index_option="position")
        return schema.build()

    def build(self, documents: Sequence[Document], folder: Path) -> None:
        import tantivy

        folder.mkdir(parents=True)
        writer = tantivy.Index(self._schema(), path=str(folder)).writer(heap_size=200_000_000, num_threads=1)
        for one in documents:
            texts = {"title": one.title, "lead": one.lead, "body": "\n".join(one.body)}
            folded = {name: " ".join(syllables(fold(text))) for name, text in texts.items()}
            writer.add_document(
                tantivy.Document(id=one.id, day=one.day.toordinal() if one.day else 0, **folded)
            )
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        import tantivy

        self.index = tantivy.Index.open(str(folder))
        self.searcher = self.index.searcher()

    def ask(self, one: Question) -> list[int]:
        import tantivy

        tokens = syllables(fold(one.text))
        joined = {
            "all": " AND ".join(tokens),
            "phrase": '"' + " ".join(tokens) + '"',
            "date": " AND ".join(tokens),
        }
        text = joined.get(one.mode, " ".join(tokens))
        boosts = {"title": 3.0, "lead": 2.0, "body": 1.0}
        parsed = self.index.parse_query(
            text.lower() if one.mode == "best" else text, ["title", "lead", "body"], field_boosts=boosts
        )
        more: dict[str, Any] = {}
        if one.mode == "date":
            more = {"order_by_field": "day", "order": tantivy.Order.Desc}
        hits = self.searcher.search(parsed, 10, **more).hits
        return [self.searcher.doc(address)["id"][0] for _score, address in hits]


class WhooshSyllables:
    """Whoosh as it comes: its own text field over folded syllables."""

    name = "Whoosh by syllables"

    def build(self, documents: Sequence[Document], folder: Path) -> None:
        from whoosh import analysis, fields
        from whoosh.index import create_in

        folder.mkdir(parents=True)
        space = analysis.SpaceSeparatedTokenizer()
        schema = fields.Schema(
            id=fields.STORED, text=fields.TEXT(analyzer=space), day=fields.NUMERIC(sortable=True)
        )
        writer = create_in(str(folder), schema).writer(limitmb=1024)
        for one in documents:
            text = " ".join(syllables(fold("\n".join([one.title, one.lead, *one.body]))))
            writer.add_document(id=one.id, text=text, day=one.day.toordinal() if one.day else 0)
        writer.commit()

    def open(self, folder: Path) -> None:
        from whoosh.index import open_dir

        self.searcher = open_dir(str(folder)).searcher()

    def ask(self, one: Question) -> list[int]:
        from whoosh import query as q

        terms = [q.Term("text", token) for token in syllables(fold(one.text))]
        if one.mode == "phrase":
            found = self.searcher.search(q.Phrase("text", syllables(fold(one.text))), limit=10)
        elif one.mode == "date":
            wanted = q.And([*terms, q.NumericRange("day", date(2025, 1, 1).toordinal(), None)])
            found = self.searcher.search(wanted, sortedby="day", reverse=True, limit=10)
        else:
            found = self.searcher.search(q.And(terms) if one.mode == "all" else q.Or(terms), limit=10)
        return [hit["id"] for hit in found]


ENGINES: dict[str, Any] = {
    "ours": Ours, "fts": lambda: Fts(False), "fts-pairs": lambda: Fts(True), "tantivy": Tantivy, "whoosh": WhooshSyllables,
}  # fmt: skip
