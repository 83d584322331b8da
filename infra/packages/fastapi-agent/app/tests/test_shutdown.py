"""Drain hook, signals and streams, against the real process."""

import socket
import threading

import httpx

from conftest import StartAgent
from support.events import events, text
from support.process import AgentProcess
from support.upstream import Exchange, FakeUpstream, answer

LONG = {"prompt": "word " * 3000, "max_tokens": 2000}


def call_drain_hook(agent: AgentProcess) -> tuple[threading.Thread, list[httpx.Response]]:
    """Call the hook beside the test; returns when the agent is draining."""
    answers: list[httpx.Response] = []

    def call() -> None:
        answers.append(httpx.get(f"{agent.admin_url}/internal/drain", trust_env=False, timeout=30))

    calling = threading.Thread(target=call)
    calling.start()
    agent.wait_for_log("draining")
    return calling, answers


def test_a_stream_ends_with_done_and_its_connection_is_not_kept(start_agent: StartAgent) -> None:
    body = {"prompt": "one two"}
    agent = start_agent()
    with agent.client() as client, client.stream("POST", "/query/stream", json=body) as response:
        received = list(events(response))
    assert text(received) == "[offline echo] one two"
    assert received[-1].name == "done"
    assert received[-1].data == {"tokens_used": 6, "model": "echo"}
    assert response.headers["Content-Type"].startswith("text/event-stream")
    assert response.headers["X-Accel-Buffering"] == "no"
    assert response.headers["Connection"] == "close"


def test_a_stream_resumes_after_the_last_event(start_agent: StartAgent) -> None:
    with start_agent().client() as client:
        response = client.post(
            "/query/stream", json={"prompt": "one two"}, headers={"Last-Event-ID": "3"}
        )
        refusal = client.post(
            "/query/stream", json={"prompt": "one two"}, headers={"Last-Event-ID": "x"}
        )
    received = list(events(response))
    assert [event.id for event in received] == ["4", None]
    assert text(received) == " two"
    assert refusal.status_code == 422


def test_while_draining_it_serves_on_but_sends_everyone_away(start_agent: StartAgent) -> None:
    agent = start_agent(DRAIN_SECONDS="60")
    calling, _ = call_drain_hook(agent)
    with agent.client() as client:
        ready = client.get("/health/ready")
        assert (ready.status_code, ready.json()) == (503, {"status": "draining"})
        for path in ("/health/live", "/health/startup"):
            assert client.get(path).status_code == 200
        answered = client.post("/query", json={"prompt": "still here"})
        assert answered.status_code == 200
        refused = client.post("/query/stream", json={"prompt": "a"})
        assert (refused.status_code, refused.json()["error"]) == (503, "draining")
        assert refused.headers["Retry-After"] == "1"
        for response in (ready, answered, refused, client.get("/nothing")):
            assert response.headers["Connection"] == "close"
    assert calling.is_alive()
    agent.interrupt()
    calling.join()
    assert agent.wait() == 0


def test_the_hook_answers_after_live_streams_were_sent_to_another_pod(
    start_agent: StartAgent,
) -> None:
    agent = start_agent(DRAIN_SECONDS="500ms")
    with agent.client() as client, client.stream("POST", "/query/stream", json=LONG) as response:
        arriving = events(response)
        received = [next(arriving)]
        calling, answers = call_drain_hook(agent)
        received += arriving
    calling.join()
    assert answers[0].json() == {"status": "drained"}
    assert received[-1].name == "reconnect"
    assert received[-1].id == received[-2].id
    assert received[-1].data == {"last_event_id": received[-2].id}
    agent.terminate()
    assert agent.wait() == 0


def test_a_short_stream_ends_by_itself_within_the_window(start_agent: StartAgent) -> None:
    agent = start_agent(DRAIN_SECONDS="60")
    body = {"prompt": "word " * 30}
    with agent.client() as client, client.stream("POST", "/query/stream", json=body) as response:
        arriving = events(response)
        received = [next(arriving)]
        calling, _ = call_drain_hook(agent)
        received += arriving
    assert received[-1].name == "done"
    agent.interrupt()
    calling.join()


def test_a_second_call_of_the_hook_joins_the_first(start_agent: StartAgent) -> None:
    agent = start_agent(DRAIN_SECONDS="300ms")
    first, first_answers = call_drain_hook(agent)
    second, second_answers = call_drain_hook(agent)
    first.join()
    second.join()
    assert first_answers[0].status_code == second_answers[0].status_code == 200
    agent.terminate()
    agent.wait()
    assert sum("draining for" in line for line in agent.log) == 1


def test_sigterm_without_a_hook_drains_too(start_agent: StartAgent) -> None:
    agent = start_agent(DRAIN_SECONDS="500ms")
    with agent.client() as client, client.stream("POST", "/query/stream", json=LONG) as response:
        arriving = events(response)
        next(arriving)
        agent.terminate()
        agent.wait_for_log("draining")
        with agent.client() as other:
            assert other.get("/health/ready").status_code == 503
        assert list(arriving)[-1].name == "reconnect"
    assert agent.wait() == 0


def test_sigterm_never_cuts_a_request(
    start_agent_with_key: StartAgent, upstream: FakeUpstream
) -> None:
    entered, release = threading.Event(), threading.Event()

    def wait(exchange: Exchange) -> None:
        entered.set()
        release.wait(30)
        answer(exchange)

    upstream.script = wait
    agent = start_agent_with_key()
    asked: list[httpx.Response] = []

    def ask() -> None:
        with agent.client() as client:
            asked.append(client.post("/query", json={"prompt": "slow"}))

    asking = threading.Thread(target=ask)
    asking.start()
    assert entered.wait(30)
    agent.terminate()
    agent.wait_for_log("drained")
    release.set()
    asking.join()
    assert asked[0].status_code == 200
    assert asked[0].headers["Connection"] == "close"
    assert agent.wait() == 0


def test_sigterm_reads_a_request_from_a_connection_that_it_accepted(
    start_agent: StartAgent,
) -> None:
    agent = start_agent(DRAIN_SECONDS="500ms")
    address = httpx.URL(agent.url)
    with socket.create_connection((address.host, address.port or 0), timeout=30) as connection:
        # A request on another connection shows that this one was accepted before it.
        with agent.client() as client:
            client.get("/health/live")
        agent.terminate()
        agent.wait_for_log("drained")
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: agent\r\n\r\n")
        reply = connection.makefile("rb").read()
    assert reply.startswith(b"HTTP/1.1 200")
    assert b"connection: close" in reply.lower()
    assert agent.wait() == 0


def test_a_request_past_its_budget_does_not_hold_the_pod_for_ever(
    start_agent_with_key: StartAgent, upstream: FakeUpstream
) -> None:
    entered = threading.Event()

    def never(exchange: Exchange) -> None:
        entered.set()
        exchange.wait_until_closed()

    upstream.script = never
    agent = start_agent_with_key(LONGEST_TASK_SECONDS="1")
    asked: list[int] = []

    def ask() -> None:
        with agent.client() as client:
            asked.append(client.post("/query", json={"prompt": "slow"}).status_code)

    asking = threading.Thread(target=ask)
    asking.start()
    assert entered.wait(30)
    agent.terminate()
    assert agent.wait() == 0
    asking.join()
    assert asked == [503]


def test_the_public_port_has_no_drain_hook_and_the_admin_port_nothing_else(
    start_agent: StartAgent,
) -> None:
    agent = start_agent()
    with agent.client() as client:
        assert client.get("/internal/drain").status_code == 404
        assert client.get("/health/ready").status_code == 200
    assert httpx.get(f"{agent.admin_url}/health", trust_env=False).status_code == 404


def test_a_setting_that_cannot_be_used_ends_the_start_with_its_name(
    start_agent: StartAgent,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for variables, name in (({"PORT": port}, "PORT"), ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL")):
            refused = start_agent(**variables)
            assert refused.wait() == 2
            refused.wait_for_log(rf"^  {name}\b")
            assert not any("Traceback" in line for line in refused.log)
