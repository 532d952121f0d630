"""The pages of deployments in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import LAPTOP, PHONE, Opens
from tests.browser.looks import FAINT_TEXT, SIDEWAYS
from tests.factories import make_incident
from tests.web.pages.kept import PLAN, change, link, make_deployment, make_full_deployment
from tests.web.pages.stored import make_hypothesis, make_report, store_investigation
from tocsin.incidents import changes
from tocsin.incidents.models import Incident
from tocsin.investigation import runbooks
from tocsin.investigation.diagnosis.reference import Subject

pytestmark = pytest.mark.browser
HOSTILE = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
LOOKS = [(scheme, size) for scheme in ("dark", "light") for size in (LAPTOP, PHONE)]


def failed_incident() -> Incident:
    incident = make_incident("terraform apply failed: network", triggered_at=timezone.now())
    link(incident, make_full_deployment())
    found = make_hypothesis(cause="address-range-taken", subject=Subject("Resource", "", "cloud_subnet.a"))
    store_investigation(incident, make_report(hypotheses=(found,)))
    return incident


def test_the_list_leads_to_the_plan_and_to_the_line_of_the_error(opens: Opens) -> None:
    make_full_deployment()
    page = opens("/deployments")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_text("forces a new one")).to_be_visible()
    page.get_by_role("link", name="Open and search").click()
    expect(page.locator("#L5")).to_be_in_viewport()
    expect(page.locator("#L5")).to_contain_text("Error: creating subnet")


def test_without_scripts_the_output_is_searched(opens: Opens) -> None:
    run = make_deployment()
    page = opens(f"/deployments/{run.pk}/log", scripts=False)
    page.get_by_label("Words to look for").fill("conflict")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("mark")).to_have_text("Conflict")


def test_a_line_that_was_found_leads_to_its_page_of_a_long_output(opens: Opens) -> None:
    run = make_deployment(log="".join(f"line {number}\n" for number in range(1, 1201)) + "Error: no such zone\n")
    page = opens(f"/deployments/{run.pk}/log")
    page.get_by_label("Words to look for").fill("LINE 700")
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_have_text("line 700")
    page.get_by_role("link", name="700", exact=True).click()
    expect(page.locator("#L700")).to_be_in_viewport()
    expect(page.get_by_text("page 2 of 3").first).to_be_attached()
    page.get_by_role("link", name="After").first.click()
    expect(page.get_by_text("line 1001", exact=True)).to_be_visible()
    page.get_by_role("link", name="line 1201").click()
    expect(page.locator("#L1201")).to_be_in_viewport()
    expect(page.locator("#L1200")).to_be_in_viewport()  # what went before is in sight, below the bar


def test_the_output_is_saved_as_text(opens: Opens) -> None:
    page = opens(f"/deployments/{make_deployment(log='Apply complete!').pk}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.path().read_text() == "Apply complete!"


def test_a_success_is_offered_live_and_resolves_the_incident(opens: Opens) -> None:
    incident = failed_incident()
    page = opens(f"/incidents/{incident.pk}")
    expect(page.get_by_text("Live")).to_be_visible()
    link(incident, make_deployment(outcome="succeeded"), "succeeded since")
    changes.record(incident, "deployment", "It went well.", actor="tocsin", now=timezone.now())
    page.locator("#recovered").get_by_role("button", name="Resolve").click()
    expect(page.locator(".status.resolved")).to_be_visible()
    expect(page.get_by_text("went well since").first).to_be_visible()
    expect(page.locator("#recovered button")).to_have_count(0)


def test_a_step_of_a_runbook_is_copied_exactly(opens: Opens) -> None:
    page = opens(f"/incidents/{failed_incident().pk}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#runbook-steps summary").click()
    page.locator("#runbook-steps").get_by_role("button", name="Copy this command").first.click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "kubectl set resources deployment/cart --limits=memory=768Mi 'a b'"


def test_a_runbook_is_edited_and_becomes_that_of_the_service(opens: Opens) -> None:
    page = opens(f"/incidents/{failed_incident().pk}")
    page.locator("#runbook-edit summary").click()
    page.get_by_label("What to do, in Markdown").fill("Call **Ada**.")
    page.get_by_role("button", name="Save the runbook").click()
    expect(page.get_by_text("Call Ada.")).to_be_visible()
    page.get_by_role("button", name="Make it network’s runbook").click()
    expect(page.get_by_text("This is network’s runbook")).to_be_visible()
    page.goto(f"/incidents/{failed_incident().pk}")
    expect(page.get_by_text("alice made it the runbook of network")).to_be_visible()
    expect(page.get_by_text("Call Ada.")).to_be_visible()


def test_what_was_typed_does_not_write_over_what_somebody_else_saved_meanwhile(opens: Opens) -> None:
    incident = failed_incident()
    page = opens(f"/incidents/{incident.pk}")
    expect(page.get_by_text("Live")).to_be_visible()
    page.locator("#runbook-edit summary").click()
    page.get_by_label("What to do, in Markdown").fill("Call Ada.")
    runbooks.keep(incident.pk, "Call **Bob**.", version=0, actor="bob", now=timezone.now())
    expect(page.get_by_text("Call Bob.")).to_be_visible()
    page.get_by_role("button", name="Save the runbook").click()
    expect(page.get_by_text("bob has changed the runbook meanwhile")).to_be_in_viewport()
    expect(page.get_by_text("Call Bob.")).to_be_visible()
    expect(page.get_by_label("What to do, in Markdown")).to_have_value("Call Ada.")
    page.get_by_role("button", name="Save the runbook").click()
    page.get_by_role("link", name="version 2").click()
    expect(page.locator("ins")).to_have_text("Call Ada.")


def test_who_has_typed_nothing_edits_the_newest_version(opens: Opens) -> None:
    incident = failed_incident()
    page = opens(f"/incidents/{incident.pk}")
    expect(page.get_by_text("Live")).to_be_visible()
    runbooks.keep(incident.pk, "Call **Bob**.", version=0, actor="bob", now=timezone.now())
    expect(page.get_by_text("Call Bob.")).to_be_visible()
    page.locator("#runbook-edit summary").click()
    expect(page.get_by_label("What to do, in Markdown")).to_have_value("Call **Bob**.")


def test_lessons_are_written_and_their_versions_read(opens: Opens) -> None:
    page = opens(f"/deployments/{make_full_deployment().pk}")
    for text in ("Ask **first**.", "Ask **twice**."):
        page.locator("#lessons summary").click()
        page.get_by_label("What was learned from this run").fill(text)
        page.locator("#lessons").get_by_role("button", name="Save").click()
    page.get_by_role("link", name="version 2").click()
    expect(page.locator("del")).to_have_text("Ask **first**.")
    expect(page.locator("ins")).to_have_text("Ask **twice**.")


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_every_page_is_readable_and_fits(opens: Opens, scheme: str, size: ViewportSize) -> None:
    incident = failed_incident()
    link(incident, make_deployment(outcome="succeeded"), "succeeded since")
    for version, text in enumerate(("Call Ada.", "Call Bob. " + "x" * 300)):
        runbooks.keep(incident.pk, text, version=version, actor="alice", now=timezone.now())
    plan = PLAN | {"resource_changes": [change("x" * 300, ["update"], {"a": "b" * 300}, {"a": "c" * 300})]}
    long = make_deployment(configuration="a/" * 80, reason="y" * 300, log="z" * 3000, plan=plan, actor="w" * 80)
    run = incident.incident_deployments.get(role="failed").deployment_id
    page = opens("/", scheme=scheme, size=size)
    for address in (
        "/deployments",
        f"/deployments?view=failed&like={run}",
        f"/deployments/{run}",
        f"/deployments/{run}/log",
        f"/deployments/{run}/log?q=error",
        f"/deployments/{long.pk}",
        f"/deployments/{long.pk}/log",
        f"/incidents/{incident.pk}",
        f"/incidents/{incident.pk}/runbook/history",
        f"/deployments/{run}/rollback/history",
    ):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => fold.open = true)")
        assert page.evaluate(FAINT_TEXT) == [], address
        assert page.evaluate(SIDEWAYS) == 0, address


def test_hostile_text_does_nothing(opens: Opens) -> None:
    plan = PLAN | {"resource_changes": [change(HOSTILE, ["create"], None, {HOSTILE: HOSTILE})]}
    policies = [{"engine": HOSTILE, "rule": HOSTILE, "status": "failed", "message": HOSTILE, "remedy": HOSTILE}]
    told: dict[str, Any] = {
        "log": f"Error: {HOSTILE}\n",
        "reason": HOSTILE,
        "rollback": HOSTILE,
        "configuration": HOSTILE,
    }
    run = make_deployment(plan=plan, policies=policies, **told)
    page = opens("/deployments")
    for address in (f"/deployments/{run.pk}", f"/deployments/{run.pk}/log", f"/deployments/{run.pk}/log?q=script"):
        page.goto(address)
        assert page.locator("main script, main img").count() == 0
        assert "Tocsin" in page.title()
