"""Health and metrics. No probe ever asks the model upstream.

A pod whose upstream is down can still refuse politely; restarting it or taking it out
of the Service repairs nothing, and all pods would go at once.
"""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from agent.context import SharedContext

router = APIRouter(tags=["health"])


@router.get("/health")
async def health(context: SharedContext) -> dict[str, str]:
    """Which version answers."""
    return {"status": "healthy", "version": context.version}


@router.get("/health/live")
async def live() -> dict[str, str]:
    """200 as long as the event loop turns; anything else calls for a restart."""
    return {"status": "alive"}


@router.get("/health/ready", responses={503: {"description": "Starting or draining"}})
async def ready(context: SharedContext) -> JSONResponse:
    """200 while new requests are welcome."""
    if context.drain.draining:
        return JSONResponse({"status": "draining"}, 503)
    return _started(context, "ready")


@router.get("/health/startup", responses={503: {"description": "Starting"}})
async def startup(context: SharedContext) -> JSONResponse:
    """200 once the agent is initialised."""
    return _started(context, "started")


@router.get("/metrics")
async def metrics(context: SharedContext) -> Response:
    """All samples in the Prometheus text format."""
    return Response(context.metrics.render(), media_type=CONTENT_TYPE_PLAIN_0_0_4)


def _started(context: SharedContext, status: str) -> JSONResponse:
    if context.started:
        return JSONResponse({"status": status})
    return JSONResponse({"status": "starting"}, 503)
