"""Fixtures: the app in this process, the agent as a process, and a scripted upstream."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.app import create_app
from agent.drain import Drain
from agent.settings import Settings, load_settings
from support.app import AppClient
from support.process import AgentProcess
from support.upstream import FakeUpstream

StartAgent = Callable[..., AgentProcess]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Defaults, and certainly no key."""
    return load_settings({"OPENAI_API_KEY_FILE": str(tmp_path / "absent")})


@pytest.fixture
def client(settings: Settings) -> Iterator[AppClient]:
    """A client of the app with the echo model, without a network."""
    with AppClient(create_app(settings, Drain(0))) as client:
        yield client


@pytest.fixture
def start_agent(tmp_path: Path) -> Iterator[StartAgent]:
    """Starts `python -m agent` with the given variables and stops it after the test."""
    started: list[AgentProcess] = []

    def start(**variables: str) -> AgentProcess:
        variables.setdefault("OPENAI_API_KEY_FILE", str(tmp_path / "absent"))
        variables.setdefault("DRAIN_SECONDS", "0")
        started.append(AgentProcess(variables))
        return started[-1]

    yield start
    for agent in started:
        agent.kill()


@pytest.fixture
def upstream() -> Iterator[FakeUpstream]:
    """An OpenAI-compatible service on a loopback port that does as it is told."""
    with FakeUpstream() as upstream:
        yield upstream


@pytest.fixture
def start_agent_with_key(
    start_agent: StartAgent, upstream: FakeUpstream, tmp_path: Path
) -> StartAgent:
    """Like `start_agent`, with a key and the scripted upstream."""
    key_file = tmp_path / "key"
    key_file.write_text(f"{upstream.api_key}\n")

    def start(**variables: str) -> AgentProcess:
        return start_agent(
            OPENAI_API_KEY_FILE=str(key_file), OPENAI_BASE_URL=upstream.base_url, **variables
        )

    return start
