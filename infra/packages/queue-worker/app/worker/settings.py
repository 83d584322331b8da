"""Settings of the worker, read once at start from environment variables."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingsError(Exception):
    """Every setting that cannot be used, one line each; never the value of a secret."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(["the worker's settings cannot be used:", *problems]))


@dataclass(frozen=True, slots=True)
class Upstream:
    """An OpenAI-compatible service; the key stays out of every `repr`."""

    base_url: str
    model: str
    api_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the worker runs with; `upstream` is None for the offline echo model."""

    spool: Path
    heartbeat: Path
    log_level: str
    concurrency: int
    longest_task_seconds: int
    upstream: Upstream | None


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read all settings; an empty variable counts as absent.

    Raises SettingsError with every problem at once.
    """
    reader = _Reader(environ)
    settings = Settings(
        spool=Path(reader.text("SPOOL", "/var/spool/agent")),
        heartbeat=Path(reader.text("HEARTBEAT", "/tmp/heartbeat")),
        log_level=reader.choice("LOG_LEVEL", "INFO", LOG_LEVELS),
        concurrency=reader.whole("MAX_CONCURRENCY", 4, high=10_000),
        longest_task_seconds=reader.whole("LONGEST_TASK_SECONDS", 60, high=86_400),
        upstream=_upstream(reader),
    )
    if reader.problems:
        raise SettingsError(reader.problems)
    return settings


def _upstream(reader: "_Reader") -> Upstream | None:
    base_url = reader.base_url("OPENAI_BASE_URL", "https://api.openai.com/v1")
    model = reader.text("OPENAI_MODEL", "gpt-4o-mini")
    api_key = reader.secret("OPENAI_API_KEY_FILE", "/run/secrets/agent/OPENAI_API_KEY")
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
        if value not in choices:
            self._refuse(name, f"is not one of {', '.join(choices)}")
        return value

    def whole(self, name: str, default: int, *, high: int) -> int:
        text = self.text(name, str(default))
        if re.fullmatch(r"[0-9]{1,9}", text) and 1 <= int(text) <= high:
            return int(text)
        self._refuse(name, f"is not a whole number from 1 to {high}")
        return default

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
        if not (usable and bare):
            self._refuse(name, "is not an http(s) address without credentials or query")
        return value.rstrip("/")

    def secret(self, name: str, default: str) -> str:
        """The file's content without surrounding blanks; "" when there is no file."""
        path = Path(self.text(name, default))
        try:
            value = path.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            self._refuse(name, f"names {path}, which cannot be read: {reason}")
            return ""
        # The key becomes an HTTP header: blanks and line ends would break it apart.
        if not re.fullmatch(r"[\x21-\x7e]*", value):
            self._refuse(name, f"names {path}, which holds more than one bare key")
        return value

    def _refuse(self, name: str, problem: str) -> None:
        self.problems.append(f"  {name} {problem}")
