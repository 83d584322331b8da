"""Both servers in one process on one event loop, and their way out."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from agent.admin import create_admin_app
from agent.app import create_app
from agent.drain import Drain
from agent.settings import Settings, SettingsError

# Longer than the idle timeout of common proxies (60 s), so that they close first.
KEEP_ALIVE_SECONDS = 75
BACKLOG = 2048
# An accepted connection's first bytes may still be on their way.
SETTLE_SECONDS = 0.5

_log = logging.getLogger(__name__)


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then drain and finish what was begun.

    SIGTERM without a drain hook drains just the same; SIGINT skips the window.
    Raises SettingsError when a port cannot be opened.
    """
    drain = Drain(settings.drain_seconds)
    # One second past the longest task: a request that uses all its time still ends by itself.
    public = _server(create_app(settings, drain), settings.longest_task_seconds + 1)
    admin = _server(create_admin_app(drain), 1)
    with (
        _listen("PORT", settings.host, settings.port) as public_socket,
        _listen("ADMIN_PORT", settings.host, settings.admin_port) as admin_socket,
    ):
        _announce(settings, public_socket, admin_socket)
        serving_public = asyncio.create_task(public.serve([public_socket]))
        serving_admin = asyncio.create_task(admin.serve([admin_socket]))
        await _signalled(drain, serving_public, serving_admin)
        await drain.run()
        public.should_exit = admin.should_exit = True
        await asyncio.gather(serving_public, serving_admin)
    _log.info("stopped")


async def _signalled(drain: Drain, *serving: asyncio.Task[None]) -> None:
    """Return on the first signal, or when a server ends by itself."""
    signalled = asyncio.Event()

    def interrupt() -> None:
        drain.hurry()
        signalled.set()

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, signalled.set)
    loop.add_signal_handler(signal.SIGINT, interrupt)
    waiting = asyncio.create_task(signalled.wait())
    await asyncio.wait({waiting, *serving}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()


class _Server(uvicorn.Server):
    """A uvicorn server that leaves signals to `serve` and cuts no accepted connection."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn closes connections whose request it has not read yet.
        for server in self.servers:
            server.close()
        await asyncio.sleep(SETTLE_SECONDS)
        await super().shutdown(sockets)


def _server(app: ASGIApp, shutdown_seconds: float) -> _Server:
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=round(shutdown_seconds),
    )
    return _Server(config)


def _listen(name: str, host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=BACKLOG)
    except OSError as error:
        raise SettingsError(
            [f"  {name}: cannot listen on {host}:{port}: {error.strerror}"]
        ) from None


def _announce(settings: Settings, public: socket.socket, admin: socket.socket) -> None:
    _log.info(
        "agent %s listening on %s, admin on %s",
        settings.version,
        _address(public),
        _address(admin),
    )
    if settings.upstream:
        _log.info("model %s at %s", settings.upstream.model, settings.upstream.base_url)
    else:
        _log.info("model echo, offline: no key is configured, so answers repeat the prompt")
    if settings.api_timeout_seconds > settings.longest_task_seconds:
        _log.warning(
            "API_TIMEOUT is longer than LONGEST_TASK_SECONDS; answers have %gs",
            settings.answer_timeout_seconds,
        )


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"{host}:{port}"
