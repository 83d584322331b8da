"""A model behind the OpenAI chat completions protocol."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx

from agent.errors import UpstreamRejected, UpstreamUnavailable
from agent.models.breaker import Breaker
from agent.models.chunks import read_chunks, read_completion
from agent.models.model import Completion, Piece, TokenStream
from agent.settings import Upstream

CONNECT_TIMEOUT_SECONDS = 5.0

_HINTS = {
    401: "check OPENAI_API_KEY",
    403: "check OPENAI_API_KEY",
    404: "check OPENAI_BASE_URL and OPENAI_MODEL",
}

_log = logging.getLogger(__name__)


class OpenAIModel:
    """Calls the upstream at most once per request and never repeats its error texts.

    No retries: they multiply cost and load just when the upstream is short of both.
    Error texts of an upstream may quote the key that was sent.
    """

    def __init__(self, upstream: Upstream, timeout_seconds: float) -> None:
        self.name = upstream.model
        self._timeout_seconds = timeout_seconds
        self._breaker = Breaker()
        self._client = httpx.AsyncClient(
            base_url=upstream.base_url,
            headers={"Authorization": f"Bearer {upstream.api_key}"},
            timeout=httpx.Timeout(
                timeout_seconds, connect=min(CONNECT_TIMEOUT_SECONDS, timeout_seconds)
            ),
            # The agent's own cap bounds the connections.
            limits=httpx.Limits(max_connections=None),
        )

    @property
    def up(self) -> bool:
        """False from a failed call until the next one that succeeds."""
        return self._breaker.up

    async def complete(self, prompt: str, max_tokens: int) -> Completion:
        """The whole answer, within the timeout from first byte to last."""
        with self._breaker.call(), self._failures():
            async with asyncio.timeout(self._timeout_seconds):
                response = await self._client.send(self._request(prompt, max_tokens))
            _refuse_errors(response)
            return read_completion(response.content)

    @asynccontextmanager
    async def stream(self, prompt: str, max_tokens: int, skip: int) -> AsyncIterator[TokenStream]:
        """An answer piece by piece; the timeout bounds each silence, not the whole.

        A model does not repeat itself, so the answer begins anew whatever `skip` is.
        """
        request = self._request(
            prompt, max_tokens, stream=True, stream_options={"include_usage": True}
        )
        with self._breaker.call(), self._failures():
            async with asyncio.timeout(self._timeout_seconds):
                response = await self._client.send(request, stream=True)
            try:
                _refuse_errors(response)
            except BaseException:
                await response.aclose()
                raise
        try:
            yield TokenStream(self._pieces(response))
        finally:
            await response.aclose()

    async def aclose(self) -> None:
        """Close the connections to the upstream."""
        await self._client.aclose()

    def _request(self, prompt: str, max_tokens: int, **options: Any) -> httpx.Request:
        body = {
            "model": self.name,
            "messages": [{"role": "user", "content": prompt}],
            "max_tokens": max_tokens,
            **options,
        }
        return self._client.build_request("POST", "/chat/completions", json=body)

    async def _pieces(self, response: httpx.Response) -> AsyncIterator[Piece]:
        tokens_used = 0
        try:
            with self._failures():
                async for chunk in read_chunks(response.aiter_lines()):
                    # Until the upstream reports usage, a piece counts as a token.
                    tokens_used = chunk.tokens_used or tokens_used + bool(chunk.text)
                    yield Piece(chunk.text, tokens_used)
        except UpstreamUnavailable:
            self._breaker.failed()
            raise

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Turn transport errors into an agent error, and log what the client is told."""
        try:
            try:
                yield
            except (TimeoutError, httpx.TimeoutException) as error:
                detail = f"the model upstream gave no answer within {self._timeout_seconds:g}s"
                raise UpstreamUnavailable(detail) from error
            except httpx.HTTPError as error:
                detail = f"the model upstream cannot be reached ({type(error).__name__})"
                raise UpstreamUnavailable(detail) from error
        except (UpstreamUnavailable, UpstreamRejected) as error:
            _log.warning("%s", error.detail)
            raise


def _refuse_errors(response: httpx.Response) -> None:
    status = response.status_code
    if status == 200:
        return
    if status == 429 or status >= 500:
        asked = response.headers.get("retry-after", "")
        raise UpstreamUnavailable(
            f"the model upstream answered HTTP {status}",
            retry_after=int(asked[:6]) if asked.isdecimal() else None,
        )
    hint = _HINTS.get(status)
    detail = f"the model upstream refused the request with HTTP {status}"
    raise UpstreamRejected(f"{detail}; {hint}" if hint else detail)
