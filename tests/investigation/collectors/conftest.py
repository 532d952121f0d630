"""Coroutine tests run on asyncio; the redaction key of all of them."""

import pytest

KEY = b"a key of these tests"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
