"""A circuit breaker: while the upstream is down, requests fail at once."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from agent.errors import UpstreamRejected, UpstreamUnavailable

FAILURES_TO_OPEN = 3
COOLDOWN_SECONDS = 5.0
LONGEST_COOLDOWN_SECONDS = 60.0


class Breaker:
    """Opens after failures in a row, then lets one probe through per cooldown.

    The clock is in seconds and only ever goes forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._closes_at = 0.0
        self._probing = False

    @property
    def up(self) -> bool:
        """False from a failure until the next success."""
        return self._failures == 0

    @contextmanager
    def call(self) -> Iterator[None]:
        """Judge one upstream call by how the block ends.

        Raises UpstreamUnavailable without entering the block while open.
        """
        probe = self._admit()
        try:
            yield
        except UpstreamUnavailable as error:
            self.failed(error.retry_after)
            # Clients that wait as long as the breaker does arrive when it lets them through.
            error.retry_after = self._retry_after()
            raise
        except UpstreamRejected:
            # A refusal proves that the upstream is there.
            self._failures = 0
            raise
        else:
            self._failures = 0
        finally:
            if probe:
                self._probing = False

    def failed(self, retry_after: int | None = None) -> None:
        """Count a failure; `retry_after` is the pause in seconds the upstream asked for."""
        self._failures += 1
        cooldown = max(COOLDOWN_SECONDS, min(retry_after or 0, LONGEST_COOLDOWN_SECONDS))
        self._closes_at = self._clock() + cooldown

    def _admit(self) -> bool:
        if self._failures < FAILURES_TO_OPEN:
            return False
        if self._probing or self._clock() < self._closes_at:
            raise UpstreamUnavailable(
                "the model upstream is failing; the agent pauses its calls",
                retry_after=self._retry_after(),
            )
        self._probing = True
        return True

    def _retry_after(self) -> int:
        return max(1, math.ceil(self._closes_at - self._clock()))
