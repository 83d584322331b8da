"""The worker's loop: claim as many tasks as there is room for, and finish what was begun."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from worker.heartbeat import beat
from worker.models import Model, Refused, Unavailable
from worker.settings import Settings
from worker.spool import BadTask, Spool, Task

# How often the loop turns while there is nothing to do.
TURN_SECONDS = 1.0
# After a model that was unavailable, no task is claimed for so long.
PAUSE_SECONDS = 5.0
# How much longer than its longest time a task stays claimed before another worker takes it over.
PATIENCE_SECONDS = 30.0

_log = logging.getLogger(__name__)


def work(settings: Settings, spool: Spool, model: Model, stop: threading.Event) -> None:
    """Work until `stop` is set; return when every task at hand is finished."""
    worker = _Worker(settings, spool, model)
    with ThreadPoolExecutor(settings.concurrency, "task") as threads:
        while not stop.is_set():
            beat(settings.heartbeat, "working")
            if not worker.fill(threads.submit):
                worker.changed.wait(TURN_SECONDS)
                worker.changed.clear()
        _log.info("stopping; %d tasks at hand", worker.at_hand)
        while worker.at_hand:
            beat(settings.heartbeat, "stopping")
            worker.changed.wait(TURN_SECONDS)
            worker.changed.clear()
    _log.info("stopped")


class _Worker:
    def __init__(self, settings: Settings, spool: Spool, model: Model) -> None:
        self._spool = spool
        self._model = model
        self._limit = settings.concurrency
        self._seconds = settings.longest_task_seconds
        self._running: set[Future[None]] = set()
        self._not_before = 0.0
        self.changed = threading.Event()

    @property
    def at_hand(self) -> int:
        """Tasks that are claimed and not finished."""
        self._running = {future for future in self._running if not future.done()}
        return len(self._running)

    def fill(self, submit: Callable[..., Future[None]]) -> bool:
        """Begin one task; False when there is no room or no task, or the model needs a pause."""
        if self.at_hand >= self._limit or time.monotonic() < self._not_before:
            return False
        if recovered := self._spool.recover(self._seconds + PATIENCE_SECONDS):
            _log.warning("%d tasks of workers that died are queued again", recovered)
        task = self._spool.claim()
        if task is None:
            return False
        future = submit(self._do, task)
        self._running.add(future)
        future.add_done_callback(self._ended)
        return True

    def _ended(self, future: Future[None]) -> None:
        if error := future.exception():
            # The task stays claimed, until a worker queues it again.
            _log.error("a task could not be recorded: %s", error)
        self.changed.set()

    def _do(self, task: Task) -> None:
        begun = time.monotonic()
        try:
            response = self._model.answer(task.prompt(), self._seconds)
        except (BadTask, Refused) as error:
            _log.warning("%s failed: %s", task.name, error)
            self._spool.fail(task, str(error))
        except Unavailable as error:
            _log.warning("%s is queued again: %s", task.name, error)
            self._not_before = time.monotonic() + PAUSE_SECONDS
            self._spool.give_back(task)
        except Exception:
            _log.exception("%s failed", task.name)
            self._spool.fail(task, "an error of the worker's own; its log has it")
        else:
            seconds = round(time.monotonic() - begun, 3)
            answer = {"response": response, "model": self._model.name, "seconds": seconds}
            self._spool.finish(task, answer)
            _log.info("%s done in %gs", task.name, seconds)
