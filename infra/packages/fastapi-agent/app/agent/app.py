"""The agent's public application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from agent.capacity import Capacity
from agent.context import Context
from agent.drain import Drain
from agent.errors import install_error_handlers
from agent.metrics import Metrics
from agent.middleware import LimitBody, Observe
from agent.models.echo import EchoModel
from agent.models.model import Model
from agent.models.openai import OpenAIModel
from agent.routes import health, query
from agent.settings import Settings

MAX_BODY_BYTES = 64 * 1024


def create_app(settings: Settings, drain: Drain) -> FastAPI:
    """Build the app that the Service exposes; its lifespan opens and closes the model."""
    model = make_model(settings)
    capacity = Capacity(settings.max_concurrency)
    metrics = Metrics(in_flight=lambda: capacity.in_use, upstream_up=lambda: float(model.up))
    context = Context(settings.version, model, drain, capacity, metrics)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        context.started = True
        yield
        context.started = False
        await model.aclose()

    app = FastAPI(title="Agent", version=settings.version, lifespan=lifespan)
    app.state.context = context
    app.add_middleware(LimitBody, max_bytes=MAX_BODY_BYTES)
    app.add_middleware(Observe, metrics=metrics, drain=drain)
    install_error_handlers(app)
    app.include_router(health.router)
    app.include_router(query.router)
    return app


def make_model(settings: Settings) -> Model:
    """The model that the settings choose: the upstream's when there is a key, else the echo."""
    if settings.upstream is None:
        return EchoModel()
    return OpenAIModel(settings.upstream, settings.answer_timeout_seconds)
