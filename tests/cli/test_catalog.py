"""`tocsin catalog`, `tocsin service` and `tocsin project`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, refused

BACKSTAGE = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: cart, labels: {tier: "1"}}
spec: {type: service, owner: buyers, dependsOn: ["resource:orders-db"]}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: orders-db}
spec: {type: database}
"""


@pytest.fixture(autouse=True)
def _two_projects(run: Run) -> None:
    for project in ("shop", "books"):
        assert run("source", "add", "generic", f"{project}/production").exit_code == 0


def slugs(run: Run) -> set[str]:
    return {row["service"] for row in json.loads(run("service", "list", "--output", "json").stdout)}


def test_a_file_is_planned_imported_and_imported_again(run: Run, tmp_path: Path) -> None:
    (file := tmp_path / "catalog-info.yaml").write_text(BACKSTAGE)
    command = ("catalog", "import", str(file), "--project", "shop")
    plan = run(*command, "--plan")
    assert "+ cart\n" in plan.stdout
    assert "tier: 1\n" in plan.stdout
    assert plan.stdout.endswith("Plan, nothing is written: 2 created.\n")
    assert slugs(run) == set()
    assert "Imported: 2 created." in run(*command).stdout
    assert run(*command).stdout == "Imported: 2 unchanged.\n"
    assert slugs(run) == {"shop/cart", "shop/orders-db"}
    assert f"tier           1  (catalogue file {file})" in run("service", "show", "shop/cart").stdout
    file.write_text(BACKSTAGE.partition("---")[0].replace('"1"', '"2"'))
    changed = run(*command)
    assert "tier: 1 → 2" in changed.stdout
    assert "- orders-db" in changed.stdout
    assert "note: cart needs orders-db, which is not described: left out" in changed.stderr


def test_a_folder_and_the_files_that_a_location_names_are_read(run: Run, tmp_path: Path) -> None:
    inside, outside = tmp_path / "repository", tmp_path / "outside.yaml"
    (inside / "web").mkdir(parents=True)
    (inside / "web" / "service.yaml").write_text(BACKSTAGE)
    (inside / "broken.yaml").write_text("{{ template }}: [")
    outside.write_text(BACKSTAGE.replace("cart", "stolen"))
    location = {"apiVersion": "backstage.io/v1alpha1", "kind": "Location", "metadata": {"name": "all"}}
    targets = ["web/service.yaml", "../outside.yaml", "https://example.org/x.yaml"]
    (inside / "all.yaml").write_text(json.dumps(location | {"spec": {"targets": targets}}))
    options = ("--project", "books", "--output", "json")
    named = json.loads(run("catalog", "import", str(inside / "all.yaml"), *options).stdout)
    assert named["created"] == ["cart", "orders-db"]
    assert [("outside.yaml is outside" in n, "no file here" in n) for n in named["notes"]] == [
        (True, False),
        (False, True),
    ]
    whole = json.loads(run("catalog", "import", str(inside), *options).stdout)
    assert "left out" in " ".join(whole["notes"])
    assert (whole["created"], whole["unchanged"]) == ([], ["cart", "orders-db"])


def test_what_kubectl_prints_is_read_from_standard_input(run: Run) -> None:
    pods = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"image": "x"}]}}
    web = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "n"}}
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": [web | {"spec": {"template": pods}}]})
    done = run("catalog", "import", "-", "--project", "shop", stdin=text)
    assert done.stdout.endswith("Imported: 1 created.\n")
    assert json.loads(run("service", "show", "shop/web", "--output", "json").stdout)["selectors"] == [
        {"namespace": "n", "workload": "web"}
    ]
    assert run("service", "forget", "shop/web").exit_code == 0
    assert refused(run("service", "show", "shop/web"), "there is no service shop/web")


def test_a_mistake_is_one_line(run: Run, tmp_path: Path) -> None:
    (bad := tmp_path / "bad.yaml").write_text("services:\n  cart:\n    teir: 1\n")
    (broken := tmp_path / "broken.yaml").write_text("services:\n\t- x")
    (empty := tmp_path / "empty.yaml").write_text("a: 1")
    assert refused(run("catalog", "import", str(bad)), "bad.yaml:1: services[...]: Object contains unknown field")
    assert refused(run("catalog", "import", str(broken)), "broken.yaml:2: not YAML")
    assert refused(run("catalog", "import", str(empty)), "there are no services in it")
    assert refused(run("catalog", "import", str(tmp_path / "none.yaml")), "No such file")
    bad.write_text("services: {cart: {}}")
    assert refused(
        run("catalog", "import", str(bad)), "say with --project whose services they are; there are books, shop"
    )
    assert refused(run("catalog", "import", str(bad), "--project", "x"), "there is no project x")
    assert refused(run("service", "show", "cart"), "say PROJECT/SERVICE")


def test_a_project_has_labels_of_its_own(run: Run) -> None:
    assert "named by product, app" in run("project", "labels", "shop", "product", "app").stdout
    listed = json.loads(run("project", "list", "--output", "json").stdout)
    assert [row["naming_labels"] for row in listed] == [[], ["product", "app"]]
    assert "named by service, " in run("project", "labels", "shop").stdout
    assert refused(run("project", "labels", "nobody"), "there is no project nobody")
