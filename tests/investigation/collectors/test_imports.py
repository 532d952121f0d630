import subprocess
import sys

import pytest

SLOW = ("django", "aiohttp", "kubernetes_asyncio", "asyncio")


def loaded_with(module: str) -> set[str]:
    program = f"import sys, {module}; print(*sys.modules)"
    return set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )


@pytest.mark.parametrize("module", ["tocsin.investigation.collectors.bundle", "tocsin.ground.redaction"])
def test_what_works_offline_loads_no_client_library(module: str) -> None:
    assert loaded_with(module).isdisjoint(SLOW)


def test_the_live_collector_loads_neither_django_nor_the_generated_client() -> None:
    assert loaded_with("tocsin.investigation.collectors.kubernetes.collect").isdisjoint(
        {"django", "kubernetes_asyncio"}
    )
