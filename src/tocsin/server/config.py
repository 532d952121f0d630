"""Settings from the environment: read once, checked strictly, each documented where it is declared.

A setting `X` may also be given as `TOCSIN_X_FILE`, a path whose content is the value (for secrets in containers).
This module imports nothing heavy: the supervisor and the command line read it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


class ConfigError(Exception):
    """A setting that can't be used; the message says which one and what it should look like."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its environment variable is `TOCSIN_` + the name in capitals."""

    name: str
    parse: Callable[[str], object]
    default: object
    says: str

    @property
    def variable(self) -> str:
        """The environment variable's name."""
        return f"TOCSIN_{self.name.upper()}"


def _text(value: str) -> str:
    return value


def _path(value: str) -> Path:
    return Path(value).expanduser().absolute()


def _folder(value: str) -> Path | None:
    return _path(value) if value else None


def _whole(value: str, otherwise: str = "a whole number is expected") -> int:
    try:
        return int(value)
    except ValueError:
        raise ValueError(otherwise) from None


def _port(value: str) -> int:
    number = _whole(value)
    if not 0 <= number <= 65535:
        raise ValueError("a port lies between 0 and 65535")
    return number


def _seconds(value: str) -> int:
    number = _whole(value, "a whole number of seconds is expected")
    if number < 0:
        raise ValueError("a time in seconds is not negative")
    return number


def _hours(value: str) -> int:
    number = _whole(value)
    if number < 0:
        raise ValueError("a number of hours is not negative")
    return number


def _count(value: str) -> int:
    number = _whole(value)
    if number < 1:
        raise ValueError("at least 1")
    return number


def _url(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError("an address that begins with http:// or https:// is expected")
    return value.rstrip("/")


def _database(value: str) -> str:
    if value and not value.startswith(("postgresql://", "postgres://")):
        raise ValueError("an address like postgresql://user:password@host/name is expected")
    return value


def _level(value: str) -> str:
    if value.lower() not in {"debug", "info", "warning", "error"}:
        raise ValueError("debug, info, warning or error")
    return value.lower()


def _flag(value: str) -> bool:
    if value not in {"true", "false"}:
        raise ValueError("either true or false")
    return value == "true"


def _names(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Where data lives when nobody says otherwise: the XDG data folder."""
    base = environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "tocsin"


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "data_dir",
        _path,
        None,
        "Folder for everything kept on disk: the embedded database, the secret key. "
        "Default: `tocsin` in the XDG data folder, usually `~/.local/share/tocsin`.",
    ),
    Setting(
        "database_url",
        _database,
        "",
        "Address of an external PostgreSQL 15 or newer, `postgresql://user:password@host/name`. "
        "Empty: an embedded PostgreSQL is started.",
    ),
    Setting(
        "bind",
        _text,
        "127.0.0.1",
        "Address to listen on. The default reaches this machine only; put a proxy with TLS in front before opening it.",
    ),
    Setting("port", _port, 8420, "Port to listen on; 0 picks a free one."),
    Setting(
        "public_url",
        _url,
        "",
        "How people and senders reach this server, `https://tocsin.example.org`. Empty: the bound address.",
    ),
    Setting(
        "allowed_hosts",
        _names,
        ("localhost", "127.0.0.1", "[::1]"),
        "Host names this server answers to, separated by commas. The host of `TOCSIN_PUBLIC_URL` is always among them.",
    ),
    Setting(
        "secret_key",
        _text,
        "",
        "Key that signs sessions and encrypts stored credentials, at least 32 characters. "
        "Empty: one is made and kept in the data folder, readable by its owner alone.",
    ),
    Setting("session_days", _count, 14, "Days after which whoever logged in must do so again."),
    Setting(
        "session_idle_hours",
        _hours,
        0,
        "Hours after which a session ends that nobody uses; what open pages ask by themselves does not count. 0: never.",
    ),
    Setting(
        "quiet_period",
        _seconds,
        300,
        "Seconds that all alerts of an incident must stay quiet before it resolves by itself; "
        "a firing within it rejoins, a later one opens a new incident.",
    ),
    Setting(
        "postmortem_hours", _count, 48, "Hours after the resolution of an incident by which its postmortem is due."
    ),
    Setting(
        "postmortem_dir",
        _folder,
        None,
        "Folder, such as a git checkout, into which the worker writes each complete postmortem as Markdown. "
        "Empty: postmortems stay in the database.",
    ),
    Setting("worker_concurrency", _count, 4, "Jobs one worker process runs at the same time."),
    Setting(
        "cluster_timeout",
        _seconds,
        30,
        "Seconds that one investigation may spend reading a cluster; what was not read by then is a gap in the report.",
    ),
    Setting(
        "secret_metadata",
        _flag,
        False,
        "Read the names of Secrets (metadata only) too. Needs the opt-in role `deploy/kubernetes/secrets-metadata.yaml`, "
        "which Kubernetes can't limit to metadata: read its warning first.",
    ),
    Setting("debug", _flag, False, "Show tracebacks in the browser. Never in production."),
    Setting("log_level", _level, "info", "How much to log: debug, info, warning or error."),
)


# Variables that only commands read, not the server.
OF_COMMANDS = ("TOCSIN_DEPLOYMENTS",)


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, parsed. Field names are those of SETTINGS."""

    data_dir: Path
    database_url: str
    bind: str
    port: int
    public_url: str
    allowed_hosts: tuple[str, ...]
    secret_key: str
    session_days: int
    session_idle_hours: int
    quiet_period: int
    postmortem_hours: int
    postmortem_dir: Path | None
    worker_concurrency: int
    cluster_timeout: int
    secret_metadata: bool
    debug: bool
    log_level: str


def _read(setting: Setting, environ: Mapping[str, str]) -> object:
    raw = environ.get(setting.variable)
    file = environ.get(f"{setting.variable}_FILE")
    if raw is None and file:
        try:
            raw = Path(file).read_text().strip()
        except OSError as error:
            raise ConfigError(f"{setting.variable}_FILE: can't read {file}: {error.strerror}") from error
    if raw is None:
        return setting.default
    try:
        return setting.parse(raw)
    except ValueError as error:
        raise ConfigError(f"{setting.variable}: {error}") from error


def read_config(environ: Mapping[str, str] | None = None) -> Config:
    """The settings of this environment. Raises ConfigError: unusable value, unknown TOCSIN_ name."""
    environ = os.environ if environ is None else environ
    names = [*(s.variable for s in SETTINGS), *OF_COMMANDS]
    known = {*names, *(f"{name}_FILE" for name in names)}
    unknown = sorted(name for name in environ if name.startswith("TOCSIN_") and name not in known)
    if unknown:
        near = get_close_matches(unknown[0], known, 1)
        raise ConfigError(f"{unknown[0]}: there is no such setting" + (f"; did you mean {near[0]}?" if near else ""))
    values = {setting.name: _read(setting, environ) for setting in SETTINGS}
    values["data_dir"] = values["data_dir"] or default_data_dir(environ)
    return Config(**values)  # type: ignore[arg-type]  # names and types are those of SETTINGS
