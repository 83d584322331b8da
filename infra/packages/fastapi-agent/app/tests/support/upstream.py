"""An OpenAI-compatible service over real HTTP that answers as a test tells it to."""

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

PATIENCE_SECONDS = 30.0


class Exchange:
    """One request and the means to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self._handler = handler
        length = int(handler.headers["Content-Length"])
        self.body: dict[str, Any] = json.loads(handler.rfile.read(length))
        self.path = handler.path
        self.authorization = handler.headers["Authorization"]

    def send(
        self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        """A whole response."""
        self._handler.send_response(status)
        for name, value in (headers or {}).items():
            self._handler.send_header(name, value)
        self._handler.send_header("Content-Length", str(len(body)))
        self._handler.end_headers()
        self._handler.wfile.write(body)

    def begin_stream(self) -> None:
        """The head of an event stream that lasts until the connection closes."""
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", "text/event-stream")
        self._handler.send_header("Connection", "close")
        self._handler.end_headers()

    def event(self, data: str) -> None:
        """One event; raises OSError when the client is gone."""
        self._handler.wfile.write(f"data: {data}\n\n".encode())
        self._handler.wfile.flush()

    def wait_until_closed(self) -> None:
        """Return when the client has closed the connection."""
        self._handler.connection.settimeout(PATIENCE_SECONDS)
        try:
            while self._handler.connection.recv(1024):
                pass
        except ConnectionError:
            pass


Script = Callable[[Exchange], None]


def completion(text: str, tokens: int = 7) -> bytes:
    """The body of a whole answer."""
    choice = {"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return json.dumps({"choices": [choice], "usage": {"total_tokens": tokens}}).encode()


def delta(text: str) -> str:
    """The data of an event that adds to an answer."""
    return json.dumps({"choices": [{"delta": {"content": text}, "finish_reason": None}]})


def answer(exchange: Exchange) -> None:
    """The default script: a short good answer, streamed when asked for so."""
    if not exchange.body.get("stream"):
        exchange.send(200, completion("Hello from upstream"))
        return
    exchange.begin_stream()
    for text in ("Hello", " from", " upstream"):
        exchange.event(delta(text))
    exchange.event(json.dumps({"choices": [{"delta": {}, "finish_reason": "stop"}]}))
    exchange.event(json.dumps({"choices": [], "usage": {"total_tokens": 9}}))
    exchange.event("[DONE]")


class FakeUpstream:
    """Serves on a free loopback port; `script` answers, `exchanges` remembers."""

    api_key = "sk-canary-3f9a1c"

    def __init__(self) -> None:
        self.script: Script = answer
        self.exchanges: list[Exchange] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.socket.close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                exchange = Exchange(self)
                upstream.exchanges.append(exchange)
                upstream.script(exchange)

            def log_message(self, format: str, *args: object) -> None:
                """Silence: the tests look at `exchanges`."""

        return Handler
