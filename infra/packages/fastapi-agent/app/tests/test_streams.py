"""Iteration that can be stopped from outside."""

import asyncio
from collections.abc import AsyncIterator

from agent.streams import until


async def numbers(closed: list[bool]) -> AsyncIterator[int]:
    try:
        yield 1
        yield 2
        await asyncio.Event().wait()
    finally:
        closed.append(True)


def test_it_yields_everything_when_nobody_stops_it() -> None:
    async def two() -> AsyncIterator[int]:
        yield 1
        yield 2

    async def collect() -> list[int]:
        return [item async for item in until(asyncio.Event(), two())]

    assert asyncio.run(collect()) == [1, 2]


def test_it_stops_while_an_item_is_awaited_and_cancels_that_wait() -> None:
    async def collect() -> tuple[list[int], list[bool]]:
        stop, closed, items = asyncio.Event(), list[bool](), []
        async for item in until(stop, numbers(closed)):
            items.append(item)
            if item == 2:
                asyncio.get_running_loop().call_soon(stop.set)
        return items, closed

    assert asyncio.run(collect()) == ([1, 2], [True])
