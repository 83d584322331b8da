"""The queue: a folder in which every task is one file, and a rename is the only lock.

    queued/<id>.json    waits: {"prompt": "..."}
    claimed/<id>.json   some worker is at it
    done/<id>.json      its answer
    failed/<id>.json    why it has none

A rename inside one file system either happens or fails, whoever else tries it, so any number of
workers share the folder. A task is done at least once: one that was claimed and never finished,
because its worker died, goes back to the queue.
"""

import contextlib
import json
import os
import re
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_TASK_BYTES = 64 * 1024

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,100}\.json")


class BadTask(Exception):
    """A file that is no task; trying again would not make it one."""


@dataclass(frozen=True, slots=True)
class Task:
    """A claimed task, as long as it is neither finished nor given back."""

    name: str
    path: Path

    def prompt(self) -> str:
        """What the model is asked; raises BadTask."""
        try:
            # Whoever may write tasks must not have other files read out to them.
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW)
            with open(descriptor, "rb") as file:
                content = file.read(MAX_TASK_BYTES + 1)
            if len(content) > MAX_TASK_BYTES:
                raise BadTask(f"longer than {MAX_TASK_BYTES} bytes")
            prompt = json.loads(content)["prompt"]
        except OSError as error:
            raise BadTask(f"cannot be read: {error.strerror}") from None
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BadTask('is not JSON with a "prompt"') from None
        if not isinstance(prompt, str) or not prompt.strip():
            raise BadTask('"prompt" is not a text or is empty')
        return prompt


class Spool:
    """Four folders of task files below `root`, made where they are missing."""

    def __init__(self, root: Path) -> None:
        self._queued, self._claimed, self._done, self._failed = (
            root / name for name in ("queued", "claimed", "done", "failed")
        )
        for folder in (self._queued, self._claimed, self._done, self._failed):
            folder.mkdir(parents=True, exist_ok=True)

    def submit(self, prompt: str) -> str:
        """Queue a prompt; returns the name of the file that its answer will have."""
        # Names begin with the time, and `claim` takes them in their order.
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}.json"
        _write(self._queued / name, {"prompt": prompt})
        return name

    def claim(self) -> Task | None:
        """The first task in the queue that nobody else claims at the same moment."""
        for name in sorted(_task_names(self._queued)):
            task = Task(name, self._claimed / name)
            with contextlib.suppress(FileNotFoundError):
                os.rename(self._queued / name, task.path)
                # A rename keeps the file's time, and `recover` reads when it was claimed.
                os.utime(task.path, follow_symlinks=False)
                return task
        return None

    def finish(self, task: Task, answer: dict[str, Any]) -> None:
        """Keep the answer; the task is done."""
        _write(self._done / task.name, answer)
        task.path.unlink(missing_ok=True)

    def fail(self, task: Task, reason: str) -> None:
        """Keep the reason; the task is not tried again."""
        _write(self._failed / task.name, {"error": reason})
        task.path.unlink(missing_ok=True)

    def give_back(self, task: Task) -> None:
        """Queue a task again."""
        with contextlib.suppress(FileNotFoundError):
            os.rename(task.path, self._queued / task.name)

    def recover(self, seconds: float) -> int:
        """Queue again what was claimed longer than `seconds` ago; returns how many."""
        count = 0
        for name in _task_names(self._claimed):
            task = Task(name, self._claimed / name)
            with contextlib.suppress(FileNotFoundError):
                if task.path.lstat().st_mtime < time.time() - seconds:
                    self.give_back(task)
                    count += 1
        return count


def _task_names(folder: Path) -> list[str]:
    """Names of plain files only; one that begins with a dot is still being written."""
    with os.scandir(folder) as entries:
        return [
            entry.name
            for entry in entries
            if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
        ]


def _write(path: Path, content: dict[str, Any]) -> None:
    """A reader sees the whole file or none."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    temporary.write_text(json.dumps(content) + "\n", encoding="utf-8")
    os.replace(temporary, path)
