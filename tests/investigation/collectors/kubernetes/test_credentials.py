import base64
import json
import os
import sys
import tempfile
from pathlib import Path

import pytest

from tests.investigation.collectors.kubernetes.certificates import Authority
from tests.investigation.fake_kubernetes import FakeKubernetes, serving, write_kubeconfig
from tocsin.investigation.collectors.kubernetes import credentials
from tocsin.investigation.collectors.kubernetes.client import ClusterUnreachable, ReadFailed, connect

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(autouse=True)
def nobody_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST", "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


def data(content: bytes) -> str:
    return base64.b64encode(content).decode()


def plugin(folder: Path, body: str) -> dict[str, object]:
    script = folder / "plugin.py"
    script.write_text(body)
    exec_section = {"apiVersion": "client.authentication.k8s.io/v1", "command": sys.executable, "args": [str(script)]}
    return {"exec": exec_section}


def answering(status: dict[str, str]) -> str:
    credential = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status}
    return f"print({json.dumps(json.dumps(credential))})"


async def sent_authorization(fake: FakeKubernetes, kubeconfig: str | None) -> str:
    async with connect(kubeconfig) as client:
        await client.discover()
    return fake.seen[-1].headers.get("Authorization", "")


async def test_a_token_in_the_kubeconfig_is_sent(tmp_path: Path) -> None:
    async with serving() as fake:
        assert await sent_authorization(fake, fake.kubeconfig(tmp_path, token="abc")) == "Bearer abc"


async def test_a_rotated_token_file_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "token"
    async with serving() as fake:
        kubeconfig = fake.kubeconfig(tmp_path, tokenFile="token")
        file.write_text("first\n")
        assert await sent_authorization(fake, kubeconfig) == "Bearer first"
        file.write_text("second\n")
        assert await sent_authorization(fake, kubeconfig) == "Bearer second"


async def test_a_plugin_hands_over_a_token(tmp_path: Path) -> None:
    async with serving() as fake:
        user = plugin(tmp_path, answering({"token": "from-plugin"}))
        assert await sent_authorization(fake, fake.kubeconfig(tmp_path, **user)) == "Bearer from-plugin"


async def test_a_failing_plugin_is_one_line_without_its_token(tmp_path: Path) -> None:
    user = plugin(tmp_path, "import sys; sys.exit('expired login\\ntoken=very-secret1')")
    with pytest.raises(ClusterUnreachable, match="expired login") as refusal:
        async with connect(FakeKubernetes(url="http://x").kubeconfig(tmp_path, **user)):
            pass
    assert "\n" not in str(refusal.value)
    assert "very-secret1" not in str(refusal.value)


async def test_a_plugin_that_never_answers_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "_PLUGIN_SECONDS", 1)
    body = "import os, pathlib, sys, time\npathlib.Path(sys.argv[0]).with_name('pid').write_text(str(os.getpid()))\n"
    user = plugin(tmp_path, body + "time.sleep(60)")
    with pytest.raises(ClusterUnreachable, match="did not answer"):
        async with connect(FakeKubernetes(url="http://x").kubeconfig(tmp_path, **user)):
            pass
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


async def test_a_certificate_authority_in_the_kubeconfig_is_trusted(tmp_path: Path, authority: Authority) -> None:
    async with serving(tls=authority.server(tmp_path)) as fake:
        cluster = {"server": fake.url, "certificate-authority-data": data(authority.certificate)}
        assert await sent_authorization(fake, write_kubeconfig(tmp_path, cluster, {"token": "abc"})) == "Bearer abc"


async def test_an_unknown_certificate_is_refused(tmp_path: Path, authority: Authority) -> None:
    async with serving(tls=authority.server(tmp_path)) as fake:
        async with connect(fake.kubeconfig(tmp_path)) as client:
            with pytest.raises(ReadFailed, match="certificate"):
                await client.discover()
        assert fake.seen == []


async def test_an_unknown_certificate_is_accepted_where_the_kubeconfig_says_so(
    tmp_path: Path, authority: Authority
) -> None:
    async with serving(tls=authority.server(tmp_path)) as fake:
        cluster = {"server": fake.url, "insecure-skip-tls-verify": True}
        assert await sent_authorization(fake, write_kubeconfig(tmp_path, cluster, {})) == ""


async def test_a_client_certificate_is_shown_and_its_key_not_left_behind(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    pair = authority.issue("reader")
    async with serving(tls=authority.server(tmp_path, asks_for_certificate=True)) as fake:
        cluster = {"server": fake.url, "certificate-authority-data": data(authority.certificate)}
        user = {"client-certificate-data": data(pair.certificate), "client-key-data": data(pair.key)}
        for _ in range(2):
            await sent_authorization(fake, write_kubeconfig(tmp_path, cluster, user))
        assert len(fake.seen) == 2
    assert list(scratch.iterdir()) == []


async def test_client_certificate_files_are_found_beside_the_kubeconfig(tmp_path: Path, authority: Authority) -> None:
    authority.issue("reader").write(tmp_path, "reader")
    (tmp_path / "ca.crt").write_bytes(authority.certificate)
    async with serving(tls=authority.server(tmp_path, asks_for_certificate=True)) as fake:
        cluster = {"server": fake.url, "certificate-authority": "ca.crt"}
        user = {"client-certificate": "reader.crt", "client-key": "reader.key"}
        await sent_authorization(fake, write_kubeconfig(tmp_path, cluster, user))
        assert len(fake.seen) == 1
    assert (tmp_path / "reader.key").exists()


async def test_the_kubeconfigs_proxy_is_used(tmp_path: Path) -> None:
    async with serving() as proxy:
        cluster = {"server": "http://cluster.invalid:6443", "proxy-url": proxy.url}
        async with connect(write_kubeconfig(tmp_path, cluster, {})) as client:
            await client.discover()
        assert proxy.seen[0].host == "cluster.invalid"


async def test_the_usual_kubeconfig_is_found_by_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving() as fake:
        monkeypatch.setenv("KUBECONFIG", os.pathsep.join(["/not/there", fake.kubeconfig(tmp_path, token="abc")]))
        assert await sent_authorization(fake, None) == "Bearer abc"


async def test_cluster_and_namespace_are_those_of_the_context(tmp_path: Path) -> None:
    async with connect(FakeKubernetes(url="http://x").kubeconfig(tmp_path)) as client:
        assert (client.cluster, client.namespace) == ("lab-cluster", "shop")


async def test_reading_a_kubeconfig_never_writes_to_it(tmp_path: Path) -> None:
    path = Path(FakeKubernetes(url="http://x").kubeconfig(tmp_path, token="abc"))
    before = path.read_bytes()
    async with connect(str(path)):
        assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "not a complete kubeconfig"),
        ("- a list", "not a complete kubeconfig"),
        ("a: [b", "kubeconfig"),
        ("current-context: x\ncontexts: []\nclusters: []\nusers: []", "name x"),
        ("\x00\x01", "kubeconfig"),
    ],
)
async def test_a_kubeconfig_that_is_none_is_one_line(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(content)
    with pytest.raises(ClusterUnreachable, match=complaint) as refusal:
        async with connect(str(path)):
            pass
    assert "\n" not in str(refusal.value)


async def test_an_unknown_context_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClusterUnreachable, match="elsewhere"):
        async with connect(FakeKubernetes(url="http://x").kubeconfig(tmp_path), "elsewhere"):
            pass


async def test_no_kubeconfig_at_all_says_how_to_name_one() -> None:
    with pytest.raises(ClusterUnreachable, match="--kubeconfig"):
        async with connect():
            pass


async def test_in_cluster_without_a_cluster_is_one_line() -> None:
    with pytest.raises(ClusterUnreachable, match="not set"):
        async with connect(in_cluster=True):
            pass


async def test_a_proxy_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClusterUnreachable, match="neither http"):
        async with connect(write_kubeconfig(tmp_path, {"server": "http://x", "proxy-url": "socks5://y"}, {})):
            pass
