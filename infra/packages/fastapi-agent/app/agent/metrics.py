"""What the agent measures, in Prometheus terms."""

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

LATENCY_BUCKETS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """The collectors of one app, in a registry of their own."""

    def __init__(self, *, in_flight: Callable[[], float], upstream_up: Callable[[], float]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "agent_requests",
            "Requests that were answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._duration = Histogram(
            "agent_request_duration_seconds",
            "Time from the request line to the last byte of the answer.",
            ("route",),
            buckets=LATENCY_BUCKETS_SECONDS,
            registry=self._registry,
        )
        self._gauge("agent_requests_in_flight", "Requests that wait for the model.", in_flight)
        self._gauge(
            "llm_upstream_up",
            "1 while the model answers (the offline echo model always does), 0 after a failure.",
            upstream_up,
        )
        ProcessCollector(registry=self._registry)

    def _gauge(self, name: str, help_text: str, read: Callable[[], float]) -> None:
        Gauge(name, help_text, registry=self._registry).set_function(read)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Record one answered request; `route` is a template, never a raw path."""
        # A client can invent methods, and every new label value is kept for ever.
        self._requests.labels(method if method in _METHODS else "other", route, status).inc()
        self._duration.labels(route).observe(seconds)

    def render(self) -> bytes:
        """All samples in the Prometheus text format 0.0.4."""
        return generate_latest(self._registry)
