import gzip
import zlib

import brotli
import pytest

from digest.collect import unpacking
from digest.collect.unpacking import Damaged, TooLarge, unpacker, zstd

TEXT = ("Xã Bến Thử " * 5000).encode()


def raw_deflate(data):
    made = zlib.compressobj(wbits=-15)
    return made.compress(data) + made.flush()


PACKED = {
    "gzip": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    "br": brotli.compress(TEXT),
    "zstd": zstd.compress(TEXT),
    "": TEXT,
}


def unpack(name, data, room=10_000_000, step=97):
    engine, out = unpacker(name), bytearray()
    for start in range(0, len(data), step):
        out += engine.feed(data[start : start + step], room - len(out))
    engine.finish()
    return bytes(out)


@pytest.mark.parametrize("name", PACKED)
def test_every_packing_comes_out_whole_in_small_pieces(name):
    assert unpack(name, PACKED[name]) == TEXT


def test_raw_deflate_and_gzip_in_several_members():
    assert unpack("deflate", raw_deflate(TEXT)) == TEXT
    assert unpack("gzip", gzip.compress(TEXT[:1000]) + gzip.compress(TEXT[1000:]), step=10**6) == TEXT


@pytest.mark.parametrize("name", [name for name in PACKED if name])
def test_a_bomb_is_stopped_at_the_limit(name):
    with pytest.raises(TooLarge):
        unpack(name, PACKED[name], room=1000, step=10**6)


@pytest.mark.parametrize("name", [name for name in PACKED if name])
def test_a_stream_that_ends_early_is_no_page(name):
    with pytest.raises(Damaged):
        unpack(name, PACKED[name][:-9])


def test_an_unknown_packing_is_said():
    with pytest.raises(Damaged):
        unpacker("lzma")
    assert isinstance(unpacker("identity"), unpacking.Plain)
