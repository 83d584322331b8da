"""What the agent needs from a language model."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer; `tokens_used` counts prompt and answer."""

    text: str
    tokens_used: int


@dataclass(frozen=True, slots=True)
class Piece:
    """The next part of an answer, possibly empty; `tokens_used` is final in the last one."""

    text: str
    tokens_used: int


@dataclass(frozen=True, slots=True)
class TokenStream:
    """An answer that arrives piece by piece, `skipped` pieces left out at the client's wish."""

    pieces: AsyncIterator[Piece]
    skipped: int = 0


class Model(Protocol):
    """Answers prompts; raises UpstreamUnavailable or UpstreamRejected when it cannot."""

    name: str

    @property
    def up(self) -> bool:
        """False from a failed call until the next one that succeeds."""

    async def complete(self, prompt: str, max_tokens: int) -> Completion:
        """The whole answer."""

    def stream(
        self, prompt: str, max_tokens: int, skip: int
    ) -> AbstractAsyncContextManager[TokenStream]:
        """Begin an answer, so that a failure to begin shows before any piece.

        A model that gives the same answer twice leaves out its first `skip` pieces;
        any other begins anew. Leaving the context stops the work on the answer.
        """

    async def aclose(self) -> None:
        """Let go of connections."""
