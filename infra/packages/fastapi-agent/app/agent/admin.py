"""The application on the admin port: for the kubelet, never for a Service."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from agent.drain import Drain


def create_admin_app(drain: Drain) -> Starlette:
    """Build the app whose `GET /internal/drain` is the pod's preStop hook.

    The kubelet sends SIGTERM only after the hook has answered, so the answer waits until
    traffic has moved on. GET, because it is the one method an httpGet hook has:
    https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
    """

    async def begin_drain(_: Request) -> JSONResponse:
        await drain.run()
        return JSONResponse({"status": "drained"})

    return Starlette(routes=[Route("/internal/drain", begin_drain, methods=["GET"])])
