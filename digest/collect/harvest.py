"""Many hands and one keeper: pages are asked for side by side, outcomes are kept in order, a few at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from digest.collect.apply import Outcome
from digest.collect.plan import Wanted

# Outcomes written in one transaction; a run that is killed loses no more than these and the few in hand.
BATCH = 20
_END = None


async def harvest(
    wanted: Sequence[Wanted],
    *,
    hands: int,
    ask: Callable[[Wanted], Coroutine[Any, Any, Outcome]],
    keep: Callable[[list[Outcome]], None],
    spent: Callable[[], bool],
) -> int:
    """Asks for the pages in order with so many hands; how many were left because the budget was spent.

    `keep` runs in a thread of its own, one call at a time, so that asking goes on while it writes; its error ends
    the hands and goes on to the caller.
    """
    waiting = deque(wanted)
    done: asyncio.Queue[Outcome | None] = asyncio.Queue(4 * BATCH)

    async def hand() -> None:
        while waiting and not spent():
            await done.put(await ask(waiting.popleft()))

    async def all_hands() -> None:
        await asyncio.gather(*(hand() for _hand in range(min(hands, len(waiting)))))
        await done.put(_END)

    async def keeper() -> None:
        batch: list[Outcome] = []
        while (outcome := await done.get()) is not _END:
            batch.append(outcome)
            if len(batch) >= BATCH:
                await asyncio.to_thread(keep, batch)
                batch = []
        if batch:
            await asyncio.to_thread(keep, batch)

    await _all_or_none([asyncio.create_task(all_hands()), asyncio.create_task(keeper())])
    return len(waiting)


async def _all_or_none(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Waits for all tasks; when one fails (a full disk), the others are ended before its error goes on."""
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
