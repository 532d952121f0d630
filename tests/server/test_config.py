"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.server.config import SETTINGS, ConfigError, read_config


def test_the_defaults_reach_this_machine_only() -> None:
    config = read_config({})
    assert (config.bind, config.port, config.debug) == ("127.0.0.1", 8420, False)


def test_a_file_gives_a_secret(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://host/db\n")
    assert read_config({"TOCSIN_DATABASE_URL_FILE": str(tmp_path / "url")}).database_url == "postgresql://host/db"


@pytest.mark.parametrize(
    ("environ", "why"),
    [
        ({"TOCSIN_PORT": "many"}, "TOCSIN_PORT: a whole number is expected"),
        ({"TOCSIN_PORT": "70000"}, "TOCSIN_PORT: a port lies between 0 and 65535"),
        ({"TOCSIN_DEBUG": "yes"}, "TOCSIN_DEBUG: either true or false"),
        ({"TOCSIN_QUIET_PERIOD": "5m"}, "TOCSIN_QUIET_PERIOD: a whole number of seconds"),
        ({"TOCSIN_DATABASE_URL": "localhost"}, "TOCSIN_DATABASE_URL: an address like postgresql://"),
        ({"TOCSIN_QUIET_PERIOD": "-1"}, "TOCSIN_QUIET_PERIOD: a time in seconds is not negative"),
        ({"TOCSIN_LOG_LEVEL": "loud"}, "TOCSIN_LOG_LEVEL: debug, info, warning or error"),
        ({"TOCSIN_PUBLIC_URL": "tocsin.example"}, "TOCSIN_PUBLIC_URL: an address that begins with"),
        ({"TOCSIN_PROT": "1"}, "TOCSIN_PROT: there is no such setting; did you mean TOCSIN_PORT"),
        ({"TOCSIN_SECRET_KEY_FILE": "/nowhere/at/all"}, "TOCSIN_SECRET_KEY_FILE: can't read"),
    ],
)
def test_what_can_not_be_used_is_named(environ: dict[str, str], why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        read_config(environ)


def test_every_setting_says_what_it_is() -> None:
    assert all(len(setting.says) > 20 for setting in SETTINGS)
