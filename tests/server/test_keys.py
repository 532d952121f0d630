"""The secret key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tocsin.server.config import Config, ConfigError, read_config
from tocsin.server.keys import secret_key


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return read_config({"TOCSIN_DATA_DIR": str(tmp_path / "data")})


def test_it_is_made_once_and_only_its_owner_can_read_it(config: Config) -> None:
    first = secret_key(config)
    assert secret_key(config) == first
    assert (config.data_dir / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in config.data_dir.iterdir()] == ["secret-key"]


def test_a_given_one_is_used_and_a_short_one_refused(config: Config) -> None:
    assert secret_key(replace(config, secret_key="x" * 32)) == "x" * 32
    with pytest.raises(ConfigError, match="at least 32 characters"):
        secret_key(replace(config, secret_key="short"))
