"""Asynchronous iteration that can be stopped from outside."""

import asyncio
from collections.abc import AsyncIterator
from typing import TypeVar

import anyio

_T = TypeVar("_T")


async def until(stop: asyncio.Event, items: AsyncIterator[_T]) -> AsyncIterator[_T]:
    """Yield `items` until they or the wait for `stop` end, even while an item is awaited."""
    stopped = asyncio.ensure_future(stop.wait())
    following = asyncio.ensure_future(anext(items, None))
    try:
        while not stop.is_set():
            await asyncio.wait({following, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not following.done() or (item := following.result()) is None:
                return
            yield item
            following = asyncio.ensure_future(anext(items, None))
    finally:
        for task in (following, stopped):
            task.cancel()
        # One cancellation and no more: a cancelled scope repeats its own, and a second one
        # would interrupt the item's source while it closes its connection.
        with anyio.CancelScope(shield=True):
            await asyncio.wait({following, stopped})
