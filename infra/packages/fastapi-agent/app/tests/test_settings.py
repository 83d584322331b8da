"""Settings from environment variables and the key from its file."""

from pathlib import Path

import pytest

from agent.settings import SettingsError, load_settings


def test_defaults_need_no_variable_and_no_key(tmp_path: Path) -> None:
    settings = load_settings({"OPENAI_API_KEY_FILE": str(tmp_path / "absent")})
    assert (settings.port, settings.admin_port, settings.max_concurrency) == (8000, 8001, 16)
    assert (settings.drain_seconds, settings.longest_task_seconds) == (5, 30)
    assert settings.upstream is None


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("500ms", 0.5), ("2m", 120), ("12", 12), ("1.5s", 1.5)]
)
def test_durations_have_units(tmp_path: Path, text: str, seconds: float) -> None:
    environ = {"API_TIMEOUT": text, "OPENAI_API_KEY_FILE": str(tmp_path / "absent")}
    assert load_settings(environ).api_timeout_seconds == seconds


def test_an_answer_never_takes_longer_than_a_shutdown_waits(tmp_path: Path) -> None:
    environ = {"API_TIMEOUT": "2m", "OPENAI_API_KEY_FILE": str(tmp_path / "absent")}
    assert load_settings(environ).answer_timeout_seconds == 30


def test_all_problems_are_reported_at_once() -> None:
    wrong = {
        "PORT": "80a",
        "API_TIMEOUT": "soon",
        "MAX_CONCURRENCY": "0",
        "LOG_LEVEL": "LOUD",
        "OPENAI_BASE_URL": "ftp://models",
        "DRAIN_SECONDS": "-1",
        "LONGEST_TASK_SECONDS": "nan",
    }
    with pytest.raises(SettingsError) as refusal:
        load_settings(wrong)
    assert all(name in str(refusal.value) for name in wrong)


@pytest.mark.parametrize("url", ["https://user:pass@host/v1", "https://host/v1?key=x", "https://"])
def test_a_base_url_carries_no_credentials(url: str) -> None:
    with pytest.raises(SettingsError, match="OPENAI_BASE_URL"):
        load_settings({"OPENAI_BASE_URL": url})


@pytest.mark.parametrize("content", ["", " \n"])
def test_an_empty_key_file_means_the_echo_model(tmp_path: Path, content: str) -> None:
    (tmp_path / "key").write_text(content)
    assert load_settings({"OPENAI_API_KEY_FILE": str(tmp_path / "key")}).upstream is None


def test_a_key_is_read_without_its_line_end_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-canary\n")
    settings = load_settings({"OPENAI_API_KEY_FILE": str(tmp_path / "key")})
    assert settings.upstream and settings.upstream.api_key == "sk-canary"
    assert "sk-canary" not in repr(settings)


@pytest.mark.parametrize(
    "content", [b"sk-canary\nsk-other", b"sk canary", b"\xff\xfe", b"sk-\xc3\xa9"]
)
def test_a_key_that_no_header_can_carry_is_refused_without_its_value(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(SettingsError, match="OPENAI_API_KEY_FILE") as refusal:
        load_settings({"OPENAI_API_KEY_FILE": str(tmp_path / "key")})
    assert "canary" not in str(refusal.value)


def test_a_key_path_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings({"OPENAI_API_KEY_FILE": str(tmp_path)})
