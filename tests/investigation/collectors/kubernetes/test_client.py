import inspect
from pathlib import Path

import pytest

from tests.investigation.fake_kubernetes import serving
from tocsin.investigation.collectors.kubernetes import client as module
from tocsin.investigation.collectors.kubernetes.client import ReadFailed, ReadOnlyClient, connect

pytestmark = pytest.mark.anyio
PODS = "/api/v1/namespaces/shop/pods"


def pods(count: int) -> list[dict[str, object]]:
    return [{"kind": "Pod", "metadata": {"name": f"p{n}", "namespace": "shop", "uid": f"u{n}"}} for n in range(count)]


async def names(client: ReadOnlyClient) -> list[bytes]:
    return [item for page in [page async for page in client.pages(PODS)] for item in page.items]


async def test_a_long_list_is_read_page_by_page(tmp_path: Path) -> None:
    async with serving(pods(1201)) as fake, connect(fake.kubeconfig(tmp_path)) as client:
        assert len(await names(client)) == 1201
        assert len(fake.paths) == 3


async def test_a_list_that_expires_on_the_way_loses_and_repeats_nothing(tmp_path: Path) -> None:
    async with serving(pods(1201)) as fake, connect(fake.kubeconfig(tmp_path)) as client:
        fake.expire_after = 1
        found = await names(client)
        assert len(found) == len(set(found)) == 1201


async def test_a_list_without_end_is_cut_off_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PAGES", 2)
    async with serving(pods(1201)) as fake, connect(fake.kubeconfig(tmp_path)) as client:
        with pytest.raises(ReadFailed, match="more than 1000"):
            await names(client)


async def test_items_get_the_kind_that_lists_leave_out(tmp_path: Path) -> None:
    async with serving(pods(1)) as fake, connect(fake.kubeconfig(tmp_path)) as client:
        assert (await names(client))[0].startswith(b'{"kind":"Pod","apiVersion":"v1",')


@pytest.mark.parametrize("fault", [(429, {"Retry-After": "0"}), 503, 500])
async def test_a_temporary_failure_is_tried_again(tmp_path: Path, fault: int | tuple[int, dict[str, str]]) -> None:
    async with serving(pods(1)) as fake, connect(fake.kubeconfig(tmp_path)) as client:
        fake.faults["pods"] = [fault]
        assert len(await names(client)) == 1


async def test_a_failure_that_stays_is_given_up_after_three_tries(tmp_path: Path) -> None:
    async with serving() as fake, connect(fake.kubeconfig(tmp_path)) as client:
        fake.always["pods"] = 503
        with pytest.raises(ReadFailed, match="503 from the API server"):
            await names(client)
        assert len(fake.paths) == 3


async def test_a_refusal_is_not_tried_again(tmp_path: Path) -> None:
    async with serving() as fake, connect(fake.kubeconfig(tmp_path)) as client:
        fake.always["pods"] = 403
        with pytest.raises(ReadFailed, match="403 from the API server") as refusal:
            await names(client)
        assert (refusal.value.status, len(fake.paths)) == (403, 1)


async def test_an_answer_beyond_the_bound_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ANSWER_BYTES", 10)
    async with serving(pods(9)) as fake, connect(fake.kubeconfig(tmp_path)) as client:
        with pytest.raises(ReadFailed, match="larger than"):
            await names(client)


async def test_nobody_listening_is_a_failed_read(tmp_path: Path) -> None:
    async with serving() as fake:
        kubeconfig = fake.kubeconfig(tmp_path)
    async with connect(kubeconfig) as client:
        with pytest.raises(ReadFailed, match="can't connect to http://127"):
            await names(client)


async def test_long_lines_cost_old_lines_not_new_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LOG_BYTES", 1000)
    logs = {"shop/a/app/current": "".join(f"line {n} {'x' * 50}\n" for n in range(500))}
    async with serving(logs=logs) as fake, connect(fake.kubeconfig(tmp_path)) as client:
        assert b"line 499" in await client.log("shop", "a", "app", previous=False, lines=500)


PATHS_THAT_ACT = [
    "/api/v1/namespaces/shop/pods/a/exec",
    "/api/v1/namespaces/shop/pods/a/attach",
    "/api/v1/namespaces/shop/pods/a/portforward",
    "/api/v1/namespaces/shop/pods/a/proxy",
    "/api/v1/namespaces/shop/pods/a/proxy/admin/shutdown",
    "/api/v1/namespaces/shop/services/a:80/proxy/",
    "/api/v1/nodes/n1/proxy/run/shop/a/app",
    "/api/v1/namespaces/../nodes/n1",
    "/api/v1/namespaces/shop/pods/..",
    "/api/v1/namespaces/shop/pods/a/log/../exec",
    "/api/v1/namespaces/shop/pods/a?watch=1",
    "/api/v1/namespaces/shop/pods/a%2Fexec",
    "//evil.example/api/v1/pods",
    "/",
]


@pytest.mark.parametrize("path", PATHS_THAT_ACT)
async def test_a_path_that_could_act_is_never_asked_for(tmp_path: Path, path: str) -> None:
    async with serving() as fake, connect(fake.kubeconfig(tmp_path)) as client:
        with pytest.raises(ReadFailed, match="is not a path"):
            await client.get(path, "Pod", "v1")
        assert fake.paths == []


async def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    async with serving() as fake, connect(fake.kubeconfig(tmp_path)) as client:
        fake.faults["pods"] = [(307, {"Location": f"{fake.url}/elsewhere"})]
        with pytest.raises(ReadFailed, match="307"):
            await names(client)
        assert fake.paths == [PODS]


async def test_every_request_is_a_get(tmp_path: Path) -> None:
    logs = {"shop/p0/app/current": "x\n"}
    async with serving(pods(1), logs) as fake, connect(fake.kubeconfig(tmp_path)) as client:
        await names(client)
        await client.discover()
        await client.get(f"{PODS}/p0", "Pod", "v1")
        await client.log("shop", "p0", "app", previous=False, lines=5)
        assert {request.method for request in fake.seen} == {"GET"}


def test_the_client_has_one_door_and_it_is_get() -> None:
    public = {name for name, _ in inspect.getmembers(ReadOnlyClient, inspect.isfunction) if not name.startswith("_")}
    assert public == {"discover", "get", "pages", "watch", "log"}
    source = inspect.getsource(module)
    assert source.count("_issue_get(") == 1
    assert source.count("session.") == 1  # nothing of the session is touched but its `get`


async def test_the_token_is_sent_and_stays_out_of_errors(tmp_path: Path) -> None:
    async with serving() as fake, connect(fake.kubeconfig(tmp_path, token="very-secret")) as client:
        fake.always["pods"] = 401
        with pytest.raises(ReadFailed) as refusal:
            await names(client)
        assert fake.seen[0].headers["Authorization"] == "Bearer very-secret"
        assert "very-secret" not in f"{refusal.value!r} {vars(client)!r}"
