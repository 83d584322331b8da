"""The endpoints with the offline echo model."""

from collections.abc import AsyncIterator

import pytest
from fastapi import sse

from agent.app import MAX_BODY_BYTES
from support.app import AppClient


def test_health_names_the_version(client: AppClient) -> None:
    assert client.get("/health").json() == {"status": "healthy", "version": "1.0.0"}


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/health/startup", "/docs"])
def test_a_started_agent_passes_its_probes_and_shows_its_docs(client: AppClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_the_echo_model_says_what_it_is(client: AppClient) -> None:
    answer = client.post("/query", json={"prompt": "hello there"}).json()
    expected = {"response": "[offline echo] hello there", "tokens_used": 6, "model": "echo"}
    assert answer == expected


def test_max_tokens_bounds_the_answer(client: AppClient) -> None:
    answer = client.post("/query", json={"prompt": "word " * 50, "max_tokens": 10}).json()
    assert len(answer["response"].split()) == 10


@pytest.mark.parametrize("path", ["/query", "/query/stream"])
@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ('{"prompt": ""}', 400, "prompt"),
        ('{"prompt": " \\n "}', 400, "prompt"),
        ('{"prompt": "\\ud800"}', 422, "body.prompt"),
        ('{"prompt": 1}', 422, "body.prompt"),
        ("{}", 422, "body.prompt"),
        ('{"prompt": "a", "max_tokens": 9}', 422, "body.max_tokens"),
        ('{"prompt": "a", "max_tokens": 2001}', 422, "body.max_tokens"),
        ('{"prompt": "a", "max_tokens": 1e999}', 422, "body.max_tokens"),
        ('{"prompt": "a", "max_token": 20}', 422, "body.max_token"),
        ('{"prompt": ', 422, "not JSON, at character"),
        ("", 422, "body"),
        ("[" * 60_000, 400, "JSON"),
        (b'{"prompt": "\xff"}', 400, "JSON"),
    ],
)
def test_bad_input_is_refused_with_the_reason(
    client: AppClient, path: str, body: str | bytes, status: int, reason: str
) -> None:
    response = client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == status
    assert reason in response.json()["detail"]


def test_a_refusal_does_not_repeat_the_input(client: AppClient) -> None:
    response = client.post("/query", json={"prompt": "a", "max_tokens": "my private words"})
    assert response.status_code == 422
    assert "private" not in response.text


def test_a_body_that_declares_too_much_is_refused(client: AppClient) -> None:
    response = client.post("/query", json={"prompt": "a" * MAX_BODY_BYTES})
    assert response.status_code == 413
    assert response.json()["error"] == "body_too_large"


def test_a_body_that_declares_nothing_is_counted(client: AppClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(MAX_BODY_BYTES // 1024 + 1):
            yield b" " * 1024

    response = client.post("/query", content=chunks(), headers={"Content-Type": "application/json"})
    assert response.status_code == 413
    assert response.json()["error"] == "body_too_large"


def test_an_unknown_path_and_a_wrong_method_are_refused_in_json(client: AppClient) -> None:
    assert client.get("/nothing").json()["error"] == "not_found"
    response = client.get("/query")
    assert response.json()["error"] == "method_not_allowed"
    assert response.headers["Allow"] == "POST"


def test_a_silent_stream_is_kept_alive_by_comments(
    client: AppClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Proxies cut a silent connection after 60 s; the framework's interval must stay below.
    assert sse._PING_INTERVAL <= 15
    monkeypatch.setattr("fastapi.routing._PING_INTERVAL", 0.001)
    stream = client.post("/query/stream", json={"prompt": "a"}).text
    assert ": ping\n\n" in stream
    assert stream.endswith('event: done\ndata: {"tokens_used": 4, "model": "echo"}\n\n')


def test_metrics_count_requests_by_route_and_status(client: AppClient) -> None:
    client.post("/query", json={"prompt": "a"})
    client.post("/query", json={"prompt": ""})
    client.get("/no/such/path")
    client.request("INVENTED", "/health")
    samples = client.get("/metrics").text.splitlines()
    assert 'agent_requests_total{method="POST",route="/query",status="200"} 1.0' in samples
    assert 'agent_requests_total{method="POST",route="/query",status="400"} 1.0' in samples
    assert 'agent_requests_total{method="GET",route="other",status="404"} 1.0' in samples
    assert 'agent_requests_total{method="other",route="/health",status="405"} 1.0' in samples
    assert 'agent_request_duration_seconds_count{route="/query"} 2.0' in samples
    assert "agent_requests_in_flight 0.0" in samples
    assert "llm_upstream_up 1.0" in samples


def test_an_unexpected_failure_is_a_plain_500(
    client: AppClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("private detail")

    monkeypatch.setattr("agent.models.echo.EchoModel.complete", fail)
    response = client.post("/query", json={"prompt": "a"})
    assert response.status_code == 500
    assert response.json()["error"] == "internal_error"
    assert "private" not in response.text
    assert "agent_requests_in_flight 0.0" in client.get("/metrics").text
