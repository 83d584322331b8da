"""Reading a stream of server-sent events as a client does."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Event:
    """One event with its decoded data."""

    name: str
    id: str | None
    data: Any


def events(response: httpx.Response) -> Iterator[Event]:
    """The events of a response, as they arrive."""
    fields: dict[str, str] = {}
    for line in response.iter_lines():
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield Event(fields["event"], fields.get("id"), json.loads(fields["data"]))
            fields = {}


def text(received: list[Event]) -> str:
    """The answer that the token events make."""
    return "".join(event.data["token"] for event in received if event.name == "token")
