"""Finding: analysis, the Whoosh index in generations, queries over it, topics over what is new."""

from digest.search.document import Document, document

__all__ = ["Document", "document"]
