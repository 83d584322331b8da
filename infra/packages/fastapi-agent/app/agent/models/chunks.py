"""The messages of the OpenAI chat completions protocol, read with distrust."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from agent.errors import UpstreamRejected, UpstreamUnavailable
from agent.models.model import Completion

END_OF_STREAM = "[DONE]"


class _Usage(BaseModel):
    total_tokens: int


class _Text(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Text = _Text()
    delta: _Text = _Text()
    finish_reason: str | None = None


class _Message(BaseModel):
    choices: list[_Choice]
    usage: _Usage | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """One step of a streamed answer; `tokens_used` is 0 until the upstream reports it."""

    text: str
    tokens_used: int
    last: bool


def read_completion(body: bytes) -> Completion:
    """The answer in a whole response; raises UpstreamRejected when there is none."""
    message = _read(body)
    if not message.choices:
        raise UpstreamRejected("the model upstream sent an answer without content")
    text = message.choices[0].message.content or ""
    return Completion(text, message.usage.total_tokens if message.usage else len(text.split()))


async def read_chunks(lines: AsyncIterator[str]) -> AsyncIterator[Chunk]:
    """The chunks of a streamed response.

    Raises UpstreamUnavailable when it breaks off, UpstreamRejected when it is malformed.
    """
    complete = False
    async for line in lines:
        if not line.startswith("data:"):
            continue
        data = line.removeprefix("data:").strip()
        if data == END_OF_STREAM:
            return
        chunk = _chunk(_read(data))
        complete = complete or chunk.last
        yield chunk
    if not complete:
        raise UpstreamUnavailable("the model upstream broke off its answer")


def _chunk(message: _Message) -> Chunk:
    choice = message.choices[0] if message.choices else _Choice()
    return Chunk(
        text=choice.delta.content or "",
        tokens_used=message.usage.total_tokens if message.usage else 0,
        last=choice.finish_reason is not None,
    )


def _read(data: str | bytes) -> _Message:
    try:
        return _Message.model_validate_json(data)
    except ValidationError:
        # From None: the details of the error would quote the answer in the log.
        raise UpstreamRejected("the model upstream sent an answer in an unknown form") from None
