"""Answers the kubelet: `probe.py startup|ready|live` ends with 0 for yes and 1 for no.

Run as a file and without `site`, because the kubelet asks every second or two: it takes a
few milliseconds and imports nothing of the worker.
"""

import os
import sys
import time

# The worker renews the file every second. Above this, its main loop is stuck.
MAX_AGE_SECONDS = 15


def answers(question: str, path: str, now: float) -> bool:
    """Whether the file at `path` says yes."""
    try:
        age = now - os.stat(path).st_mtime
        with open(path, encoding="utf-8") as file:
            state = file.read()
    except OSError:
        return False
    if age > MAX_AGE_SECONDS:
        return False
    return question != "ready" or state == "working"


if __name__ == "__main__":
    heartbeat = os.environ.get("HEARTBEAT") or "/tmp/heartbeat"
    sys.exit(0 if answers(sys.argv[1], heartbeat, time.time()) else 1)
