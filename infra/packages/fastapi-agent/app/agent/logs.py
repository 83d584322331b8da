"""Log lines on standard output, one event a line, times in UTC."""

import logging
import sys
import time


def configure_logging(level: str) -> None:
    """Send the agent's records from `level` up to standard output.

    The HTTP libraries stay at WARNING whatever the level: at DEBUG they describe
    headers, and the key for the upstream is one of them.
    """
    handler = logging.StreamHandler(sys.stdout)
    formatter = logging.Formatter(
        "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S"
    )
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("agent").setLevel(level)
