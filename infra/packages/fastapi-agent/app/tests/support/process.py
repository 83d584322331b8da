"""The agent as the cluster runs it: a process, two ports and signals."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import httpx

APP = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 30.0


class AgentProcess:
    """A running agent on free loopback ports; `log` has every line it printed."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "agent"],
            cwd=APP,
            # Nothing from the developer's own environment: no key, no proxy.
            env={
                "PATH": os.environ["PATH"],
                "PYTHONDONTWRITEBYTECODE": "1",
                "HOST": "127.0.0.1",
                "PORT": "0",
                "ADMIN_PORT": "0",
                **variables,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.log: list[str] = []
        self._news = threading.Condition()
        self._closed = False
        threading.Thread(target=self._read_log, daemon=True).start()

    @property
    def url(self) -> str:
        """Where the Service would lead."""
        return f"http://{self._listening()[1]}"

    @property
    def admin_url(self) -> str:
        """Where the kubelet would call."""
        return f"http://{self._listening()[2]}"

    def client(self) -> httpx.Client:
        """A client that uses no proxy and fails rather than hangs."""
        return httpx.Client(base_url=self.url, trust_env=False, timeout=PATIENCE_SECONDS)

    def wait_for_log(self, pattern: str) -> re.Match[str]:
        """The first line that matches, now or later; fails when the agent ends without it."""
        found: list[re.Match[str]] = []

        def search() -> bool:
            found.extend(match for line in self.log if (match := re.search(pattern, line)))
            return bool(found) or self._closed

        with self._news:
            self._news.wait_for(search, PATIENCE_SECONDS)
        assert found, f"no line matches {pattern!r} in:\n{''.join(self.log)}"
        return found[0]

    def _listening(self) -> re.Match[str]:
        return self.wait_for_log(r"listening on (\S+), admin on (\S+)")

    def terminate(self) -> None:
        """Send the signal that the kubelet sends."""
        self._process.send_signal(signal.SIGTERM)

    def interrupt(self) -> None:
        """Send the signal that Ctrl-C sends."""
        self._process.send_signal(signal.SIGINT)

    def wait(self) -> int:
        """The exit status, once the agent has ended by itself."""
        status = self._process.wait(PATIENCE_SECONDS)
        with self._news:
            self._news.wait_for(lambda: self._closed, PATIENCE_SECONDS)
        return status

    def kill(self) -> None:
        """End it whatever it does."""
        self._process.kill()
        self._process.wait()

    def _read_log(self) -> None:
        assert self._process.stdout
        with self._process.stdout as lines:
            for line in lines:
                with self._news:
                    self.log.append(line)
                    self._news.notify_all()
        with self._news:
            self._closed = True
            self._news.notify_all()
