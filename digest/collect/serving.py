"""The far end of a reading process: calls come in on standard input, results go out on standard output.

It imports little: what a call needs is imported with the call.
"""

from __future__ import annotations

import pickle
import signal
import struct
import sys

HEAD = struct.Struct("!I")
# Seconds of computing that reading one page may take: the slowest honest page measured took 0.3.
LONGEST = 2.5


def _limit(seconds: float) -> None:
    """From now on so much computing ends this process, even inside the parser's C code; 0 lifts the limit."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)


def serve() -> None:
    """The other end: reads calls from standard input, writes results to standard output, until it is closed."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while len(head := source.read(HEAD.size)) == HEAD.size:
        function, args = pickle.loads(source.read(HEAD.unpack(head)[0]))  # noqa: S301 (our own parent)
        _limit(LONGEST)
        try:
            result = function(*args)
        except Exception as error:  # travels to the caller, who raises it there
            result = error
        _limit(0)
        try:
            data = pickle.dumps(result)
        except Exception as error:
            data = pickle.dumps(RuntimeError(f"{type(result).__name__}: {error}"))
        target.write(HEAD.pack(len(data)) + data)
        target.flush()


if __name__ == "__main__":
    serve()
