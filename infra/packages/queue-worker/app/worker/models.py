"""Who answers: any object with a name and an `answer`."""

import http.client
import json
import time
import urllib.error
import urllib.request
from typing import Protocol

from worker.settings import Upstream

MAX_ANSWER_BYTES = 4 * 1024 * 1024
RETRYABLE = {408, 409, 425, 429}


class Refused(Exception):
    """The model will not answer this prompt, however often it is asked."""


class Unavailable(Exception):
    """The model cannot answer now; the same prompt may get an answer later."""


class Model(Protocol):
    """Answers one prompt at a time in each thread that asks."""

    name: str

    def answer(self, prompt: str, seconds: float) -> str:
        """The answer within `seconds`; raises Refused or Unavailable."""
        ...


class EchoModel:
    """Repeats the prompt; needs no network and no key."""

    name = "echo"

    def answer(self, prompt: str, seconds: float) -> str:
        """The prompt, at once."""
        return f"You said: {prompt}"


class OpenAIModel:
    """Any service with OpenAI's `/chat/completions`."""

    def __init__(self, upstream: Upstream) -> None:
        self.name = upstream.model
        self._upstream = upstream
        # A proxy or a redirect would get the key as well.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)

    def answer(self, prompt: str, seconds: float) -> str:
        """The first choice's text."""
        deadline = time.monotonic() + seconds
        try:
            with self._opener.open(self._request(prompt), timeout=seconds) as response:
                body = _read(response, deadline)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in RETRYABLE or error.code >= 500:
                raise Unavailable(f"the model's service answers {error.code}") from None
            raise Refused(f"the model's service answers {error.code}") from None
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable(f"the model's service: {error}") from None
        try:
            text = json.loads(body)["choices"][0]["message"]["content"]
        except (ValueError, LookupError, TypeError):
            text = None
        if not isinstance(text, str):
            raise Refused("the model's service answers in a form that is not OpenAI's")
        return text

    def _request(self, prompt: str) -> urllib.request.Request:
        body = {"model": self.name, "messages": [{"role": "user", "content": prompt}]}
        return urllib.request.Request(
            f"{self._upstream.base_url}/chat/completions",
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self._upstream.api_key}",
                "Content-Type": "application/json",
            },
        )


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def _read(response: http.client.HTTPResponse, deadline: float) -> bytes:
    """The whole body; the socket's own timeout only bounds the silence between two pieces."""
    pieces: list[bytes] = []
    while piece := response.read1(65536):
        pieces.append(piece)
        if sum(map(len, pieces)) > MAX_ANSWER_BYTES:
            raise Refused(f"the answer is longer than {MAX_ANSWER_BYTES} bytes")
        if time.monotonic() > deadline:
            raise TimeoutError("took longer than a task may take")
    return b"".join(pieces)
