"""Settings of the agent, read once at start from environment variables."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from agent import __version__

DEFAULT_KEY_FILE = "/run/secrets/agent/OPENAI_API_KEY"
DEFAULT_BASE_URL = "https://api.openai.com/v1"
DEFAULT_MODEL = "gpt-4o-mini"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

_DURATION = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>ms|s|m)?")
_SECONDS_PER_UNIT = {"ms": 0.001, "s": 1.0, "m": 60.0, None: 1.0}

_T = TypeVar("_T")


class SettingsError(Exception):
    """Every setting that cannot be used, one line each; never the value of a secret."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(["the agent's settings cannot be used:", *problems]))


@dataclass(frozen=True, slots=True)
class Upstream:
    """An OpenAI-compatible service; the key stays out of every `repr`."""

    base_url: str
    model: str
    api_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the agent runs with; `upstream` is None for the offline echo model."""

    host: str
    port: int
    admin_port: int
    version: str
    log_level: str
    api_timeout_seconds: float
    max_concurrency: int
    drain_seconds: float
    longest_task_seconds: float
    upstream: Upstream | None

    @property
    def answer_timeout_seconds(self) -> float:
        """Longest wait for the upstream: never past what a shutdown allows a request."""
        return min(self.api_timeout_seconds, self.longest_task_seconds)


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read all settings; an empty variable counts as absent.

    Raises SettingsError with every problem at once.
    """
    reader = _Reader(environ)
    settings = Settings(
        host=reader.text("HOST", "0.0.0.0"),
        port=reader.whole("PORT", 8000, low=0, high=65535),
        admin_port=reader.whole("ADMIN_PORT", 8001, low=0, high=65535),
        version=reader.text("APP_VERSION", __version__),
        log_level=reader.choice("LOG_LEVEL", "INFO", LOG_LEVELS),
        api_timeout_seconds=reader.seconds("API_TIMEOUT", 30, low=0.1),
        max_concurrency=reader.whole("MAX_CONCURRENCY", 16, low=1, high=10_000),
        drain_seconds=reader.seconds("DRAIN_SECONDS", 5, low=0),
        longest_task_seconds=reader.seconds("LONGEST_TASK_SECONDS", 30, low=1),
        upstream=_upstream(reader),
    )
    if reader.problems:
        raise SettingsError(reader.problems)
    return settings


def _upstream(reader: "_Reader") -> Upstream | None:
    base_url = reader.base_url("OPENAI_BASE_URL", DEFAULT_BASE_URL)
    model = reader.text("OPENAI_MODEL", DEFAULT_MODEL)
    api_key = reader.secret("OPENAI_API_KEY_FILE", DEFAULT_KEY_FILE)
    return Upstream(base_url, model, api_key) if api_key else None


class _Reader:
    """Reads variables one by one and keeps the problems for one report."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self._environ.get(name, "").strip() or default

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, default).upper()
        if value in choices:
            return value
        return self._refuse(name, f"is not one of {', '.join(choices)}", default)

    def whole(self, name: str, default: int, *, low: int, high: int) -> int:
        text = self.text(name, str(default))
        if re.fullmatch(r"[0-9]{1,9}", text) and low <= int(text) <= high:
            return int(text)
        return self._refuse(name, f"is not a whole number from {low} to {high}", default)

    def seconds(self, name: str, default: float, *, low: float) -> float:
        match = _DURATION.fullmatch(self.text(name, str(default)))
        if match:
            value = float(match["number"]) * _SECONDS_PER_UNIT[match["unit"]]
            if low <= value <= 3600:
                return value
        problem = f"is not a duration from {low:g}s to 1h such as 30s, 500ms or 2m"
        return self._refuse(name, problem, default)

    def base_url(self, name: str, default: str) -> str:
        value = self.text(name, default)
        try:
            url = urlsplit(value)
            usable = url.scheme in ("http", "https") and bool(url.hostname)
            # Configuration is readable by more people than a Secret is.
            bare = not (url.username or url.password or url.query or url.fragment)
            _ = url.port
        except ValueError:
            usable = bare = False
        if usable and bare:
            return value.rstrip("/")
        return self._refuse(name, "is not an http(s) address without credentials or query", default)

    def secret(self, name: str, default: str) -> str:
        """The file's content without surrounding blanks; "" when there is no file."""
        path = Path(self.text(name, default))
        try:
            value = path.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            return self._refuse(name, f"names {path}, which cannot be read: {reason}", "")
        # The key becomes an HTTP header: blanks and line ends would break it apart.
        if not re.fullmatch(r"[\x21-\x7e]*", value):
            return self._refuse(name, f"names {path}, which holds more than one bare key", "")
        return value

    def _refuse(self, name: str, problem: str, default: _T) -> _T:
        self.problems.append(f"  {name} {problem}")
        return default
