"""The agent's work: a prompt in, an answer out, whole or as a stream."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from agent.context import SharedContext
from agent.errors import AgentError
from agent.models.model import TokenStream
from agent.routes.schemas import REFUSALS, Answer, Query
from agent.streams import until

router = APIRouter(tags=["query"], responses=REFUSALS)

LastEventId = Annotated[
    int,
    Header(alias="Last-Event-ID", ge=0, le=1_000_000, description="Resume after this token"),
]


@router.post("/query")
async def query(query: Query, context: SharedContext) -> Answer:
    """Answer a prompt in one piece."""
    query.require_text()
    with context.capacity.slot():
        completion = await context.model.complete(query.prompt, query.max_tokens)
    return Answer(
        response=completion.text, tokens_used=completion.tokens_used, model=context.model.name
    )


async def _begin(
    query: Query, context: SharedContext, response: Response, last_event_id: LastEventId = 0
) -> AsyncIterator[TokenStream]:
    """Open the stream before the status line is sent, so that a failure still has its status.

    Left only after the last byte, or when the client is gone: either frees the slot and
    stops the upstream's work.
    """
    query.require_text()
    # A client that is sent elsewhere must not come back over the same connection.
    response.headers["Connection"] = "close"
    with context.drain.stream(), context.capacity.slot():
        async with context.model.stream(query.prompt, query.max_tokens, last_event_id) as stream:
            yield stream


@router.post("/query/stream", response_class=EventSourceResponse)
async def query_stream(
    stream: Annotated[TokenStream, Depends(_begin)], context: SharedContext
) -> AsyncIterator[ServerSentEvent]:
    """Answer a prompt as server-sent events, with a comment whenever 15 s pass without one.

    `token` events carry a running number as their id. The stream ends with `done`, with
    `error`, or with `reconnect` when this pod shuts down: send the request again with that
    id as Last-Event-ID. If the ids then start from 1, the answer has begun anew.
    """
    sent = stream.skipped
    tokens_used = 0
    try:
        async for piece in until(context.drain.streams_must_end, stream.pieces):
            tokens_used = piece.tokens_used
            if piece.text:
                sent += 1
                yield ServerSentEvent(event="token", id=str(sent), data={"token": piece.text})
    except AgentError as error:
        yield ServerSentEvent(event="error", data={"error": error.code, "detail": error.detail})
        return
    if context.drain.streams_must_end.is_set():
        yield ServerSentEvent(event="reconnect", id=str(sent), data={"last_event_id": str(sent)})
        return
    done = {"tokens_used": tokens_used, "model": context.model.name}
    yield ServerSentEvent(event="done", data=done)
