"""The offline model: repeats the prompt and says that it does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import islice

from agent.models.model import Completion, Piece, TokenStream

PREFIX = "[offline echo]"

# About the pace of a hosted model, so that streams live long enough to watch.
PACE_SECONDS = 0.02


class EchoModel:
    """Needs no key and no network; a word counts as a token."""

    name = "echo"
    up = True

    def __init__(self, pace_seconds: float = PACE_SECONDS) -> None:
        self._pace_seconds = pace_seconds

    async def complete(self, prompt: str, max_tokens: int) -> Completion:
        """The prefix and the prompt's words, at most `max_tokens` of them."""
        words = _answer(prompt, max_tokens)
        return Completion(" ".join(words), _tokens_used(prompt, words))

    @asynccontextmanager
    async def stream(self, prompt: str, max_tokens: int, skip: int) -> AsyncIterator[TokenStream]:
        """The same words one by one; resumes after `skip` of them."""
        words = _answer(prompt, max_tokens)
        skipped = min(skip, len(words))
        yield TokenStream(self._pieces(words, skipped, _tokens_used(prompt, words)), skipped)

    async def _pieces(self, words: list[str], skipped: int, tokens: int) -> AsyncIterator[Piece]:
        for index, word in islice(enumerate(words), skipped, None):
            yield Piece(word if index == 0 else f" {word}", tokens)
            await asyncio.sleep(self._pace_seconds)

    async def aclose(self) -> None:
        """Nothing to let go of."""


def _answer(prompt: str, max_tokens: int) -> list[str]:
    return [*PREFIX.split(), *prompt.split()][:max_tokens]


def _tokens_used(prompt: str, words: list[str]) -> int:
    return len(prompt.split()) + len(words)
