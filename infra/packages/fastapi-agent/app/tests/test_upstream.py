"""The agent and an OpenAI-compatible upstream that does what upstreams do."""

import threading
from functools import partial

import httpx
import pytest

from conftest import StartAgent
from support.events import Event, events, text
from support.process import AgentProcess
from support.upstream import Exchange, FakeUpstream, answer, delta

PROMPT = {"prompt": "Say hello", "max_tokens": 50}


def metric(agent: AgentProcess, name: str) -> float:
    with agent.client() as client:
        for line in client.get("/metrics").text.splitlines():
            if line.startswith(f"{name} "):
                return float(line.split()[1])
    raise AssertionError(f"{name} is not exposed")


def stream_all(agent: AgentProcess) -> list[Event]:
    with agent.client() as client, client.stream("POST", "/query/stream", json=PROMPT) as response:
        assert response.status_code == 200
        return list(events(response))


def test_it_sends_the_prompt_with_the_key_and_returns_the_answer(
    start_agent_with_key: StartAgent, upstream: FakeUpstream
) -> None:
    agent = start_agent_with_key(OPENAI_MODEL="small-model")
    with agent.client() as client:
        response = client.post("/query", json=PROMPT)
    expected = {"response": "Hello from upstream", "tokens_used": 7, "model": "small-model"}
    assert response.json() == expected
    (exchange,) = upstream.exchanges
    assert exchange.path == "/v1/chat/completions"
    assert exchange.authorization == f"Bearer {upstream.api_key}"
    assert exchange.body["messages"] == [{"role": "user", "content": "Say hello"}]
    assert (exchange.body["model"], exchange.body["max_tokens"]) == ("small-model", 50)


def test_it_streams_the_pieces_and_the_usage(start_agent_with_key: StartAgent) -> None:
    received = stream_all(start_agent_with_key())
    assert text(received) == "Hello from upstream"
    assert [event.id for event in received] == ["1", "2", "3", None]
    assert received[-1].name == "done"
    assert received[-1].data["tokens_used"] == 9


@pytest.mark.parametrize(
    ("upstream_status", "status", "reason"),
    [
        (500, 503, "HTTP 500"),
        (503, 503, "HTTP 503"),
        (429, 503, "HTTP 429"),
        (400, 502, "HTTP 400"),
        (401, 502, "check OPENAI_API_KEY"),
        (404, 502, "check OPENAI_BASE_URL and OPENAI_MODEL"),
        (307, 502, "HTTP 307"),
    ],
)
def test_a_status_of_the_upstream_has_its_own_answer(
    start_agent_with_key: StartAgent,
    upstream: FakeUpstream,
    upstream_status: int,
    status: int,
    reason: str,
) -> None:
    upstream.script = lambda exchange: exchange.send(
        upstream_status, f"the key {upstream.api_key} is wrong".encode(), {"Location": "/x"}
    )
    agent = start_agent_with_key()
    with agent.client() as client:
        for path in ("/query", "/query/stream"):
            response = client.post(path, json=PROMPT)
            assert response.status_code == status
            assert reason in response.json()["detail"]
            assert ("Retry-After" in response.headers) == (status == 503)
            assert upstream.api_key not in response.text


def test_a_quota_pause_is_passed_on(
    start_agent_with_key: StartAgent, upstream: FakeUpstream
) -> None:
    upstream.script = lambda exchange: exchange.send(429, headers={"Retry-After": "17"})
    with start_agent_with_key().client() as client:
        assert client.post("/query", json=PROMPT).headers["Retry-After"] == "17"


def test_an_outage_fails_fast_and_leaves_the_pod_ready_and_alive(
    start_agent_with_key: StartAgent, upstream: FakeUpstream
) -> None:
    upstream.script = lambda exchange: exchange.send(503)
    agent = start_agent_with_key()
    with agent.client() as client:
        answers = [client.post("/query", json=PROMPT) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [503] * 6
        assert all(int(answer.headers["Retry-After"]) >= 1 for answer in answers)
        assert client.get("/health/ready").status_code == 200
        assert client.get("/health/live").status_code == 200
    assert len(upstream.exchanges) == 3
    assert metric(agent, "llm_upstream_up") == 0


def test_one_failure_does_not_stop_the_next_request(
    start_agent_with_key: StartAgent, upstream: FakeUpstream
) -> None:
    upstream.script = lambda exchange: exchange.send(500)
    agent = start_agent_with_key()
    with agent.client() as client:
        assert client.post("/query", json=PROMPT).status_code == 503
        assert metric(agent, "llm_upstream_up") == 0
        upstream.script = answer
        assert client.post("/query", json=PROMPT).status_code == 200
    assert metric(agent, "llm_upstream_up") == 1


def test_a_closed_port_is_an_outage(start_agent_with_key: StartAgent) -> None:
    agent = start_agent_with_key(HTTP_PROXY="http://127.0.0.1:1")
    with agent.client() as client:
        response = client.post("/query", json=PROMPT)
    assert response.status_code == 503
    assert "cannot be reached" in response.json()["detail"]


def test_a_silent_upstream_runs_into_the_timeout(
    start_agent_with_key: StartAgent, upstream: FakeUpstream
) -> None:
    upstream.script = Exchange.wait_until_closed
    with start_agent_with_key(API_TIMEOUT="200ms").client() as client:
        for path in ("/query", "/query/stream"):
            response = client.post(path, json=PROMPT)
            assert response.status_code == 503
            assert "no answer within 0.2s" in response.json()["detail"]


def test_nonsense_from_the_upstream_is_a_502(
    start_agent_with_key: StartAgent, upstream: FakeUpstream
) -> None:
    with start_agent_with_key().client() as client:
        for body in (b"<html>", b"{}", b'{"choices": []}', b'{"choices": [1]}', b""):
            upstream.script = partial(Exchange.send, status=200, body=body)
            assert client.post("/query", json=PROMPT).status_code == 502


@pytest.mark.parametrize(
    ("data", "code"),
    [(delta("more"), "upstream_unavailable"), ("nonsense", "upstream_rejected")],
)
def test_a_stream_that_goes_wrong_ends_with_an_error_event(
    start_agent_with_key: StartAgent, upstream: FakeUpstream, data: str, code: str
) -> None:
    def break_off(exchange: Exchange) -> None:
        exchange.begin_stream()
        exchange.event(delta("Hello"))
        exchange.event(data)

    upstream.script = break_off
    agent = start_agent_with_key()
    received = stream_all(agent)
    assert received[0].data == {"token": "Hello"}
    assert received[-1].name == "error"
    assert received[-1].data["error"] == code
    assert metric(agent, "agent_requests_in_flight") == 0


def test_a_client_that_leaves_stops_the_upstream_and_frees_its_slot(
    start_agent_with_key: StartAgent, upstream: FakeUpstream
) -> None:
    stopped = threading.Event()

    def never_end(exchange: Exchange) -> None:
        exchange.begin_stream()
        exchange.event(delta("Hello"))
        exchange.wait_until_closed()
        stopped.set()

    upstream.script = never_end
    agent = start_agent_with_key()
    with agent.client() as client, client.stream("POST", "/query/stream", json=PROMPT) as response:
        arriving = events(response)
        assert next(arriving).name == "token"
        assert metric(agent, "agent_requests_in_flight") == 1
    assert stopped.wait(10)
    agent.wait_for_log("POST /query/stream 200")
    assert metric(agent, "agent_requests_in_flight") == 0


def test_above_the_cap_requests_are_refused_at_once(
    start_agent_with_key: StartAgent, upstream: FakeUpstream
) -> None:
    entered, release = threading.Event(), threading.Event()

    def wait(exchange: Exchange) -> None:
        entered.set()
        release.wait(30)
        answer(exchange)

    upstream.script = wait
    agent = start_agent_with_key(MAX_CONCURRENCY="1")
    first: list[httpx.Response] = []
    with agent.client() as client:
        asking = threading.Thread(target=lambda: first.append(client.post("/query", json=PROMPT)))
        asking.start()
        assert entered.wait(30)
        for path in ("/query", "/query/stream"):
            refusal = client.post(path, json=PROMPT)
            assert (refusal.status_code, refusal.json()["error"]) == (503, "overloaded")
            assert refusal.headers["Retry-After"] == "1"
        assert client.get("/health/ready").status_code == 200
        release.set()
        asking.join()
    assert first[0].status_code == 200


def test_the_key_is_in_no_log_line_at_any_level(
    start_agent_with_key: StartAgent, upstream: FakeUpstream
) -> None:
    agent = start_agent_with_key(LOG_LEVEL="DEBUG")
    with agent.client() as client:
        client.post("/query", json=PROMPT)
        upstream.script = lambda exchange: exchange.send(401, upstream.api_key.encode())
        client.post("/query", json=PROMPT)
    agent.terminate()
    agent.wait()
    assert any("HTTP 401" in line for line in agent.log)
    assert not any(upstream.api_key in line for line in agent.log)
