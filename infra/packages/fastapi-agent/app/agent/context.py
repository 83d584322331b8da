"""What the routes of one app share."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from agent.capacity import Capacity
from agent.drain import Drain
from agent.metrics import Metrics
from agent.models.model import Model


@dataclass(slots=True)
class Context:
    """One per app; `started` is True while the app is initialised."""

    version: str
    model: Model
    drain: Drain
    capacity: Capacity
    metrics: Metrics
    started: bool = False


def _context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


SharedContext = Annotated[Context, Depends(_context)]
