"""Entry point: `python -m agent`."""

import asyncio
import os
import signal
import sys


def main() -> int:
    """Serve until a signal ends it; 2 means that a setting must be corrected first."""
    # The kernel drops SIGTERM for a PID 1 without a handler, so a pod deleted while the
    # imports below run would hang until its grace period is over.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

    from agent.logs import configure_logging
    from agent.server import serve
    from agent.settings import SettingsError, load_settings

    try:
        settings = load_settings(os.environ)
        configure_logging(settings.log_level)
        asyncio.run(serve(settings))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
