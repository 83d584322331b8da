"""Entry point: `python -m worker` works; `python -m worker submit` queues standard input."""

import logging
import os
import signal
import sys
import threading
import time

from worker import __version__
from worker.models import EchoModel, OpenAIModel
from worker.settings import Settings, SettingsError, load_settings
from worker.spool import Spool
from worker.work import work


def main(arguments: list[str]) -> int:
    """2 means that a setting or an argument must be corrected first."""
    if arguments not in ([], ["submit"]):
        print("usage: python -m worker [submit]", file=sys.stderr)
        return 2
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        settings = load_settings(os.environ)
        spool = _open_spool(settings)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    if arguments:
        print(spool.submit(sys.stdin.read()))
        return 0
    _configure_logging(settings.log_level)
    model = OpenAIModel(settings.upstream) if settings.upstream else EchoModel()
    log = logging.getLogger(__name__)
    log.info("worker %s at %s, model %s", __version__, settings.spool, model.name)
    work(settings, spool, model, stop)
    return 0


def _open_spool(settings: Settings) -> Spool:
    try:
        return Spool(settings.spool)
    except OSError as error:
        problem = f"  SPOOL names {settings.spool}, which cannot be used: {error.strerror}"
        raise SettingsError([problem]) from None


def _configure_logging(level: str) -> None:
    """Log lines on standard output, one event a line, times in UTC."""
    handler = logging.StreamHandler(sys.stdout)
    formatter = logging.Formatter(
        "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S"
    )
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
