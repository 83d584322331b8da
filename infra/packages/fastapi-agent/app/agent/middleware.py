"""What happens to every request, whatever its route."""

import logging
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.drain import Drain
from agent.errors import error_response
from agent.metrics import Metrics

# The client left before there was an answer; the number is nginx's.
CLIENT_CLOSED_REQUEST = 499

_access = logging.getLogger("agent.access")
_PROBED = frozenset({"/health", "/health/live", "/health/ready", "/health/startup", "/metrics"})


class Observe:
    """Measures and logs each request, and closes connections while draining."""

    def __init__(self, app: ASGIApp, metrics: Metrics, drain: Drain) -> None:
        self._app = app
        self._metrics = metrics
        self._drain = drain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = CLIENT_CLOSED_REQUEST

        async def send_observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # A kept connection would bring its next request to a pod that is leaving.
                if self._drain.draining:
                    MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        try:
            await self._app(scope, receive, send_observed)
        except Exception:
            status = 500
            raise
        finally:
            self._record(scope, status, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        # The template and not the path: a path or query may carry private text.
        route = getattr(scope.get("route"), "path", "other")
        self._metrics.observe(scope["method"], route, status, seconds)
        level = logging.DEBUG if route in _PROBED and status < 500 else logging.INFO
        _access.log(level, "%s %s %d %.1fms", scope["method"], route, status, seconds * 1000)


class LimitBody:
    """Refuses a request body above a size, declared or counted, with 413."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) > self._max_bytes:
            refusal = error_response(413, "body_too_large", self._reason)
            await refusal(scope, receive, send)
            return
        received = 0

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_bytes:
                raise HTTPException(413, self._reason)
            return message

        await self._app(scope, receive_limited, send)

    @property
    def _reason(self) -> str:
        return f"a request body has at most {self._max_bytes} bytes"
