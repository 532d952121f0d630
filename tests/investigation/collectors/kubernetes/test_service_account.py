import subprocess
import sys
from pathlib import Path

import pytest

from tests.investigation.collectors.kubernetes.certificates import Authority
from tests.investigation.fake_kubernetes import serving
from tocsin.investigation.collectors.kubernetes import credentials
from tocsin.investigation.collectors.kubernetes.client import connect
from tocsin.investigation.collectors.kubernetes.endpoint import ClusterUnreachable
from tocsin.investigation.collectors.kubernetes.service_account import own_endpoint

pytestmark = pytest.mark.anyio
HERE = {"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "6443"}


@pytest.fixture
def authority() -> Authority:
    return Authority()


@pytest.fixture
def account(tmp_path: Path, authority: Authority) -> Path:
    """The folder that Kubernetes mounts."""
    for name, content in {"token": b"a-token\n", "namespace": b"tocsin", "ca.crt": authority.certificate}.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_a_pod_knows_where_its_api_server_is(account: Path) -> None:
    found = own_endpoint(HERE, account)
    assert (found.url, found.namespace, found.authorization) == ("https://10.0.0.1:6443", "tocsin", "Bearer a-token")
    assert own_endpoint({"KUBERNETES_SERVICE_HOST": "fd00::1"}, account).url == "https://[fd00::1]:443"


def test_without_its_files_it_says_what_may_be_off(tmp_path: Path) -> None:
    with pytest.raises(ClusterUnreachable, match="automountServiceAccountToken"):
        own_endpoint(HERE, tmp_path)


async def test_it_is_spoken_to_over_tls(account: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(tls=authority.server(account)) as fake:
        host, _, port = fake.url.removeprefix("https://").partition(":")
        there = {"KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": port}
        monkeypatch.setattr(credentials, "own_endpoint", lambda: own_endpoint(there, account))
        async with connect(in_cluster=True) as client:
            await client.discover()
        assert fake.seen[0].headers["Authorization"] == "Bearer a-token"


def test_an_agent_does_not_load_the_generated_client() -> None:
    program = "import sys, tocsin.investigation.collectors.attending; print('kubernetes_asyncio' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
