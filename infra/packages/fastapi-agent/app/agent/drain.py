"""The orderly way out: announced once, followed to the end, whoever asks."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from agent.errors import Draining

RETRY_AFTER_SECONDS = 1
STREAM_FAREWELL_SECONDS = 2.0

_log = logging.getLogger(__name__)


class Drain:
    """Keeps serving for a window while the cluster routes new traffic elsewhere.

    Endpoint removal and pod shutdown run side by side in Kubernetes, so a pod keeps
    getting requests for a while after its deletion:
    https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
    """

    def __init__(self, window_seconds: float) -> None:
        self._window_seconds = window_seconds
        self._course: asyncio.Task[None] | None = None
        self._hurried = asyncio.Event()
        self._streams = 0
        self._no_streams = asyncio.Event()
        self._no_streams.set()
        self.streams_must_end = asyncio.Event()

    @property
    def draining(self) -> bool:
        """True from the first call of `run` on."""
        return self._course is not None

    async def run(self) -> None:
        """Start draining, or join the drain under way; return when traffic has moved on."""
        if self._course is None:
            self._course = asyncio.create_task(self._follow())
        await asyncio.shield(self._course)

    def hurry(self) -> None:
        """End the window now, for someone who waits at a terminal."""
        self._hurried.set()

    @contextmanager
    def stream(self) -> Iterator[None]:
        """Count a live stream; raises Draining when no new ones are taken."""
        if self.draining:
            raise Draining("this pod is shutting down", retry_after=RETRY_AFTER_SECONDS)
        self._streams += 1
        self._no_streams.clear()
        try:
            yield
        finally:
            self._streams -= 1
            if self._streams == 0:
                self._no_streams.set()

    async def _follow(self) -> None:
        _log.info("draining for %gs with %d live streams", self._window_seconds, self._streams)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurried.wait(), self._window_seconds)
        # Only now do clients come back to a pod that stays: earlier, their new
        # connection could still be routed here.
        self.streams_must_end.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._no_streams.wait(), STREAM_FAREWELL_SECONDS)
        _log.info("drained; %d streams left", self._streams)
