"""Answers unpacked as they arrive, never beyond a size limit: gzip, deflate, brotli, zstd."""

from __future__ import annotations

import sys
import zlib
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"


class TooLarge(Exception):
    """More bytes than the limit would come out."""


class Damaged(Exception):
    """The packed bytes are broken or end too early."""


class Unpacker(Protocol):
    """Takes packed bytes in pieces, gives back what they hold."""

    def feed(self, data: bytes, room: int) -> bytes:
        """The bytes that come out; TooLarge if more than `room` would, Damaged if they make no sense."""

    def finish(self) -> None:
        """Raises Damaged if the end of the packed stream was not seen."""


class Plain:
    """Bytes that are not packed."""

    def feed(self, data: bytes, room: int) -> bytes:
        """The bytes themselves."""
        if len(data) > room:
            raise TooLarge
        return data

    def finish(self) -> None:
        """Plain bytes have no end mark of their own."""


class Zlib:
    """gzip (several members too), zlib and raw deflate, told apart by their first bytes."""

    def __init__(self) -> None:
        self._engine: zlib._Decompress | None = None
        self._begun = False

    def feed(self, data: bytes, room: int) -> bytes:
        """The bytes that come out."""
        out = bytearray()
        while data:
            engine = self._engine = self._engine or zlib.decompressobj(_window(data, self._begun))
            self._begun = True
            try:
                out += engine.decompress(data, room - len(out) + 1)
            except zlib.error as error:
                raise Damaged(str(error)) from error
            if len(out) > room or engine.unconsumed_tail:
                raise TooLarge
            data = engine.unused_data
            if engine.eof:
                self._engine = None
                if not data.startswith(b"\x1f\x8b"):  # padding behind the last member
                    break
        return bytes(out)

    def finish(self) -> None:
        """Every member that began must have ended."""
        if self._engine is not None:
            raise Damaged("unexpected end")


def _window(data: bytes, begun: bool) -> int:
    if begun or data[:2] == b"\x1f\x8b":
        return 16 + zlib.MAX_WBITS
    zlib_head = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    return zlib.MAX_WBITS if zlib_head else -zlib.MAX_WBITS


class Brotli:
    """Brotli, bounded by its own output limit."""

    def __init__(self) -> None:
        self._engine = brotli.Decompressor()

    def feed(self, data: bytes, room: int) -> bytes:
        """The bytes that come out."""
        out = bytearray()
        try:
            while True:
                out += self._engine.process(data, output_buffer_limit=room - len(out) + 1)
                if len(out) > room:
                    raise TooLarge
                if self._engine.can_accept_more_data() or self._engine.is_finished():
                    return bytes(out)
                data = b""
        except brotli.error as error:
            raise Damaged(str(error)) from error

    def finish(self) -> None:
        """The stream must have said that it ends."""
        if not self._engine.is_finished():
            raise Damaged("unexpected end")


class Zstd:
    """Zstandard, one frame after another."""

    def __init__(self) -> None:
        self._engine = zstd.ZstdDecompressor()
        self._begun = False

    def feed(self, data: bytes, room: int) -> bytes:
        """The bytes that come out."""
        out = bytearray()
        try:
            while data or not (self._engine.eof or self._engine.needs_input):
                if self._engine.eof:
                    self._engine = zstd.ZstdDecompressor()
                out += self._engine.decompress(data, room - len(out) + 1)
                self._begun = True
                if len(out) > room:
                    raise TooLarge
                data = self._engine.unused_data if self._engine.eof else b""
        except zstd.ZstdError as error:
            raise Damaged(str(error)) from error
        return bytes(out)

    def finish(self) -> None:
        """The last frame must have ended."""
        if self._begun and not self._engine.eof:
            raise Damaged("unexpected end")


def unpacker(content_encoding: str) -> Unpacker:
    """What undoes a Content-Encoding header; Damaged if it names something unknown."""
    names = [name.strip().lower() for name in content_encoding.split(",") if name.strip()]
    names = [name for name in names if name != "identity"]
    if not names:
        return Plain()
    if len(names) > 1:
        raise Damaged(content_encoding)
    made: dict[str, type[Unpacker]] = {
        "gzip": Zlib,
        "x-gzip": Zlib,
        "deflate": Zlib,
        "br": Brotli,
        "zstd": Zstd,
    }
    if names[0] not in made:
        raise Damaged(content_encoding)
    return made[names[0]]()
