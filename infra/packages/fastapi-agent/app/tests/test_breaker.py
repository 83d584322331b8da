"""The circuit breaker, on a clock that the test turns."""

import pytest

from agent.errors import UpstreamRejected, UpstreamUnavailable
from agent.models.breaker import COOLDOWN_SECONDS, FAILURES_TO_OPEN, Breaker


class Clock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock)


def fail(breaker: Breaker, retry_after: int | None = None) -> int | None:
    with pytest.raises(UpstreamUnavailable) as failure, breaker.call():
        raise UpstreamUnavailable("down", retry_after=retry_after)
    return failure.value.retry_after


def open_up(breaker: Breaker) -> None:
    for _ in range(FAILURES_TO_OPEN):
        fail(breaker)


def refused(breaker: Breaker) -> bool:
    try:
        with breaker.call():
            return False
    except UpstreamUnavailable:
        return True


def test_failures_in_a_row_open_it(breaker: Breaker) -> None:
    for _ in range(FAILURES_TO_OPEN - 1):
        fail(breaker)
    assert not refused(breaker)
    open_up(breaker)
    assert refused(breaker)


def test_after_the_cooldown_one_probe_passes_and_its_success_closes_it(
    breaker: Breaker, clock: Clock
) -> None:
    open_up(breaker)
    clock.now += COOLDOWN_SECONDS
    with breaker.call():
        assert refused(breaker)
    assert breaker.up
    assert not refused(breaker)


def test_a_failed_probe_keeps_it_open_for_another_cooldown(breaker: Breaker, clock: Clock) -> None:
    open_up(breaker)
    clock.now += COOLDOWN_SECONDS
    fail(breaker)
    assert refused(breaker)
    clock.now += COOLDOWN_SECONDS
    assert not refused(breaker)


def test_a_probe_that_is_cancelled_lets_the_next_one_through(
    breaker: Breaker, clock: Clock
) -> None:
    open_up(breaker)
    clock.now += COOLDOWN_SECONDS
    with pytest.raises(KeyboardInterrupt), breaker.call():
        raise KeyboardInterrupt
    assert not refused(breaker)


def test_a_refusal_shows_that_the_upstream_is_there(breaker: Breaker) -> None:
    fail(breaker)
    assert not breaker.up
    with pytest.raises(UpstreamRejected), breaker.call():
        raise UpstreamRejected("bad model")
    assert breaker.up


def test_it_waits_as_long_as_the_upstream_asks_within_reason(
    breaker: Breaker, clock: Clock
) -> None:
    assert fail(breaker, retry_after=20) == 20
    assert fail(breaker, retry_after=86_400) == 60
    assert fail(breaker) == COOLDOWN_SECONDS
