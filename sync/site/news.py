"""News for those who wait: one look a moment for the whole process, and a word at once after each own commit."""

import asyncio
import logging

from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool

from sync.site.feed import last_change
from sync.site.store import Store

LOOK_EVERY_S = 0.25
"""How soon a change made by another process of the site is noticed."""

_log = logging.getLogger(__name__)


class News:
    """Wakes long polls. Take a `ticket` before looking, so that nothing slips in between."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._next = asyncio.Event()
        self._stopping = False

    def ticket(self) -> asyncio.Event:
        """Return what the next change will set."""
        return self._next

    def tell(self) -> None:
        """Say that something has changed."""
        told, self._next = self._next, asyncio.Event()
        told.set()

    async def watch(self) -> None:
        """Notice what other processes change, until stopped."""
        last: int | None = None
        while not self._stopping:
            try:
                now = await run_in_threadpool(self._look)
            except DBAPIError as fault:
                _log.warning("can't look for changes: %s", fault)
            else:
                if now != last:
                    last = now
                    self.tell()
            await asyncio.sleep(LOOK_EVERY_S)

    def stop(self) -> None:
        """Let `watch` end, after the look that it may be taking."""
        self._stopping = True
        self.tell()

    def _look(self) -> int:
        with self._store.reading() as connection:
            return last_change(connection)


async def wait(ticket: asyncio.Event, seconds: float) -> bool:
    """Wait for news at most so long; tell whether there is some."""
    try:
        await asyncio.wait_for(ticket.wait(), max(0.0, seconds))
    except TimeoutError:
        return False
    return True
