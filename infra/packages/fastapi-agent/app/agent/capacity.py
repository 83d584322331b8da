"""A cap on the work that one pod does at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from agent.errors import Overloaded

RETRY_AFTER_SECONDS = 1


class Capacity:
    """Counts requests that wait for the model, streams included."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.in_use = 0

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Hold one slot; raises Overloaded at once when all are taken.

        Refusing beats queueing: the client may reach a pod that has room.
        """
        if self.in_use >= self._limit:
            raise Overloaded(
                f"all {self._limit} slots of this pod are busy", retry_after=RETRY_AFTER_SECONDS
            )
        self.in_use += 1
        try:
            yield
        finally:
            self.in_use -= 1
