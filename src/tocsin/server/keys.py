"""The secret key: given by a setting, or made once and kept in the data folder for its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from tocsin.server.config import Config, ConfigError

MINIMUM_LENGTH = 32


def secret_key(config: Config) -> str:
    """The key that signs sessions and encrypts what is kept. Raises ConfigError when the given one is too short."""
    if config.secret_key:
        if len(config.secret_key) < MINIMUM_LENGTH:
            raise ConfigError(f"TOCSIN_SECRET_KEY: at least {MINIMUM_LENGTH} characters")
        return config.secret_key
    kept = _kept_key(config.data_dir / "secret-key")
    if len(kept) < MINIMUM_LENGTH:
        raise ConfigError(
            f"{config.data_dir / 'secret-key'} is damaged: put the old key back, or remove it and lose what is sealed"
        )
    return kept


def _kept_key(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = path.with_name(f".{path.name}.{os.getpid()}")
    made.touch(mode=0o600)
    with made.open("w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())  # an empty key after a power cut would be worse than none
    try:
        os.link(made, path)  # the first process wins; the others read its key
    except FileExistsError:
        pass
    finally:
        made.unlink()
    return path.read_text()
