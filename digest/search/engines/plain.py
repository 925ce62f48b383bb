"""Plain Whoosh over the same index: its own queries, matchers and scoring; the oracle, and the fallback."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import query as wq
from whoosh import scoring
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.matching import ListMatcher
from whoosh.searching import Searcher

from digest.query import And, Dated, Node, Not, Or, Phrase, Title, Word, Words, is_accented
from digest.query.match import same_outlet
from digest.search import analysis, codec
from digest.search.engines.blocks import Blocks, Deciding, Floats, Wanted
from digest.search.matching import Run, title_of
from digest.search.opened import Index
from digest.search.postings import Mask, Places
from digest.search.ranking import COVERAGE, idf, parts
from digest.text.normalise import fold


class Baked(scoring.WeightingModel):  # type: ignore[misc]
    """The weight in the posting list times idf: BM25, its saturation baked in."""

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: int = 1) -> BakedScorer:
        """A term's scorer."""
        whole = searcher.parent() if searcher.parent else searcher
        return BakedScorer(idf(whole.ixreader.doc_count(), whole.doc_frequency(fieldname, text)))


class BakedScorer(scoring.BaseScorer):  # type: ignore[misc]
    """One term's score in an article."""

    def __init__(self, worth: float) -> None:
        self.worth = worth

    def supports_block_quality(self) -> bool:
        """Nothing is skipped: the oracle looks at everything."""
        return False

    def score(self, matcher: Any) -> float:
        """Weight times idf."""
        return float(matcher.weight()) * self.worth


class Among(wq.Query):  # type: ignore[misc]
    """Articles of a Whoosh query, or all, that pass a test on their place in the index."""

    def __init__(self, inner: Any, test: Callable[[int], bool]) -> None:
        self.inner, self.test = inner, test

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        """A list of those that pass."""
        found = self.inner.matcher(searcher, context) if context else self.inner.matcher(searcher)
        base = searcher.__dict__.get("digest_base", 0)
        return ListMatcher([at for at in found.all_ids() if self.test(base + at)])

    def normalize(self) -> Among:
        """Nothing to simplify."""
        return self

    def estimate_size(self, reader: Any) -> int:
        """No more than the inner query."""
        return int(self.inner.estimate_size(reader))


class WhooshMatcher:
    """The meaning of a query in Whoosh's own query classes."""

    def __init__(self, index: Index, searcher: Searcher) -> None:
        self.index, self.searcher = index, searcher

    def mask(self, node: Node) -> Mask:
        """The articles that match."""
        return self._run(self.query(node))

    def any_mark(self, marks: Sequence[str]) -> Mask:
        """The articles that carry one of the marks."""
        return self._run(wq.Or([wq.Term("mark", mark) for mark in marks]))

    def nothing(self) -> Mask:
        """No article."""
        return np.zeros(self.index.size, dtype=bool)

    def _run(self, query: Any) -> Mask:
        out = self.nothing()
        out[list(self.searcher.docs_for_query(query))] = True
        return out

    def query(self, node: Node) -> Any:
        """A node as a Whoosh query."""
        if isinstance(node, And):
            return wq.And([self.query(part) for part in node.parts])
        if isinstance(node, Or):
            return wq.Or([self.query(part) for part in node.parts])
        if isinstance(node, Not):
            return wq.And([wq.Every(), wq.Not(self.query(node.part))])
        if isinstance(node, Words):
            return wq.And([self._word(word) for word in node.words])
        if isinstance(node, Phrase):
            return self._phrase(node.text, is_accented(node.text))
        if isinstance(node, Title):
            return self._title(node)
        if isinstance(node, Dated):
            return Among(wq.Every(), self._in_days(node))
        marks = [f"#topic:{node.value.lower()}"] if node.name == "topic" else self._outlets(node.value)
        return wq.Or([wq.Term("mark", mark) for mark in marks])

    def _outlets(self, wanted: str) -> list[str]:
        return [f"#outlet:{one}" for one in self.index.words.marks("#outlet:") if same_outlet(wanted, one)]

    def _word(self, word: Word) -> Any:
        tokens = analysis.folded(word.text)
        loose = wq.And([wq.Term("text", token) for token in tokens])
        ways = [loose if word.loose or len(tokens) == 1 else self._phrase(word.text, False)]
        return wq.Or([*ways, *(self._phrase(other, False) for other in word.other)])

    def _phrase(self, text: str, accented: bool) -> Any:
        tokens = analysis.exact(text) if accented else analysis.folded(text)
        terms = [f"{one} {two}" for one, two in pairwise(tokens)] or tokens
        all_of = wq.And([wq.Term("exact" if accented else "text", term) for term in terms])
        return all_of if len(tokens) < 3 else Among(all_of, self._standing(tokens, accented, whole=True))

    def _title(self, node: Title) -> Any:
        phrase = isinstance(node.inner, Phrase)
        texts = [node.inner.text] if isinstance(node.inner, Phrase) else [w.text for w in node.inner.words]
        found = wq.And([wq.Term("title", token) for text in texts for token in analysis.folded(text)])
        for text in texts:
            accented = phrase and is_accented(text)
            tokens = analysis.exact(text) if accented else analysis.folded(text)
            found = Among(found, self._standing(tokens, accented, whole=False))
        return found

    def _standing(self, tokens: Sequence[str], accented: bool, whole: bool) -> Callable[[int], bool]:
        run = Run.of(self.index, tokens, accented)

        def stands(place: int) -> bool:
            text = self.index.tokens(place)
            return run is not None and run.stands_in(text if whole else title_of(text))

        return stands

    def _in_days(self, node: Dated) -> Callable[[int], bool]:
        first = node.first.toordinal() if node.first else None
        mask = self.index.in_days(first, node.last.toordinal() if node.last else None)
        return lambda place: bool(mask[place])


class Plain(Blocks):
    """The same promises, kept by Whoosh's own code: slower, and without looking how close words stand."""

    name = "whoosh-plain"

    def __init__(self, index: Index, folder: Path) -> None:
        super().__init__(index)
        reader = FileIndex(FileStorage(str(folder)), indexname=codec.INDEX).reader()
        self.searcher = Searcher(reader, weighting=Baked())
        for one, offset in self.searcher.subsearchers or ():
            one.digest_base = offset

    def deciding(self) -> Deciding:
        """Whoosh's own queries."""
        return WhooshMatcher(self.index, self.searcher)

    def score(self, wanted: Wanted, places: Places) -> tuple[Floats, Floats]:
        """The score of every place, and the share of the query (by idf) that it holds."""
        total, held, whole = (np.zeros(self.index.size) for _ in range(3))
        terms = {fold(term): worth for run in wanted.runs for term, worth in parts(run)}
        for term, worth in terms.items():
            results = self.searcher.search(wq.Term("text", term), limit=None)
            found = [(hit.docnum, hit.score) for hit in results]
            at = np.array([docnum for docnum, _score in found], dtype=np.intp)
            total[at] += [score * worth for _docnum, score in found]
            rare = worth * idf(self.index.articles, len(found)) if found else 0.0
            held[at] += rare
            whole += rare
        share = held / np.maximum(whole, 1e-9)
        return (total * (1 + COVERAGE * share))[places], share[places]

    def closer(self, wanted: Wanted, places: Places, key: Floats) -> Floats:
        """Not done here."""
        return key
