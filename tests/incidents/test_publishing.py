"""What managers and responders do to a status page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOW, make_environment, make_incident, make_service
from tests.incidents.published import make_page, tell
from tocsin.ground.edits import BadEdit
from tocsin.incidents import publishing
from tocsin.incidents.audience import Audience, Impact
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import IncidentService
from tocsin.incidents.publishing import Described, Work
from tocsin.incidents.status_page import Maintenance, Outage, StatusPage
from tocsin.incidents.uptime import State

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def names(page: StatusPage) -> list[str]:
    return list(page.components.order_by("position").values_list("name", flat=True))


def test_a_page_is_nobodys_to_see_at_first() -> None:
    page, _ = make_page("Shop", public=False)
    assert page.published_at is None
    assert publishing.page_of(make_environment().project_id) is None


def test_a_project_is_told_of_on_its_own_page_where_that_is_public() -> None:
    project = make_environment().project
    installation, _ = make_page()
    own, _ = make_page(project=project, public=False)
    assert publishing.page_of(project.pk) == installation
    publishing.set_public(own.pk, public=True, now=NOW)
    assert publishing.page_of(project.pk) == own


def test_a_project_can_not_take_an_address_of_the_installation() -> None:
    with pytest.raises(BadChange, match="/status/history is an address"):
        publishing.kept_page(make_environment(project="history").project)


def test_every_change_counts() -> None:
    page, [component] = make_page("Shop")
    publishing.edit_component(page.pk, component.pk, Described("Web shop"), seen=page.version)
    assert StatusPage.objects.get().version == page.version + 1
    assert names(page) == ["Web shop"]


def test_two_who_describe_it_do_not_write_over_each_other() -> None:
    page, _ = make_page()
    publishing.describe(page.pk, "Shop status", "How we are", seen=page.version)
    with pytest.raises(BadEdit, match="Somebody has changed this page meanwhile"):
        publishing.describe(page.pk, "Other", "", seen=page.version)


def test_two_who_edit_a_component_do_not_write_over_each_other() -> None:
    page, [component] = make_page("Shop")
    publishing.edit_component(page.pk, component.pk, Described("Web shop"), seen=page.version)
    with pytest.raises(BadEdit, match="Somebody has changed this page meanwhile"):
        publishing.edit_component(page.pk, component.pk, Described("Store"), seen=page.version)
    assert names(page) == ["Web shop"]


def test_a_layout_counts_as_a_change() -> None:
    page, [component] = make_page("Shop")
    publishing.lay_out(page.pk, [(component.pk, Described("Web shop"))], NOW)
    assert StatusPage.objects.get().version > page.version


def test_components_change_places() -> None:
    page, [_, second, _] = make_page("A", "B", "C")
    publishing.move_component(page.pk, second.pk, up=True)
    assert names(page) == ["B", "A", "C"]
    publishing.move_component(page.pk, second.pk, up=True)
    assert names(page) == ["B", "A", "C"]


def test_a_component_of_another_page_is_none_of_this_one() -> None:
    page, _ = make_page("A")
    _, [other] = make_page("B", project=make_environment().project)
    with pytest.raises(BadChange, match="no such component"):
        publishing.remove_component(page.pk, other.pk)


@pytest.mark.parametrize(("said", "why"), [(Described(" "), "name is empty"), (Described("x" * 121), "too long")])
def test_a_component_has_a_name(said: Described, why: str) -> None:
    page, _ = make_page()
    with pytest.raises(BadChange, match=why):
        publishing.add_component(page.pk, said, NOW)


def test_before_anything_was_said_affected_components_are_proposed() -> None:
    cart = make_service("cart")
    page, _ = make_page("Search")
    shop = publishing.add_component(page.pk, Described("Shop", services=[cart.pk]), NOW)
    incident = make_incident()
    IncidentService.objects.create(incident=incident, service=cart, slug="cart", role="cause", reason="")
    found = {c.name: state for c, state in publishing.proposed(incident, Impact.PARTIAL)}
    assert found == {"Search": State.OPERATIONAL, "Shop": State.PARTIAL}
    tell(incident, {shop: State.DEGRADED})
    assert dict(publishing.proposed(incident, Impact.PARTIAL))[shop] == State.DEGRADED


def test_an_internal_update_says_nothing_of_components() -> None:
    _, [shop] = make_page("Shop")
    with pytest.raises(BadChange, match="for outsiders"):
        tell(make_incident(), {shop: State.MAJOR}, audience=Audience.INTERNAL)


def test_an_update_names_components_of_its_own_page_alone() -> None:
    make_page("Shop", project=make_environment().project)
    _, [other] = make_page("Other")
    with pytest.raises(BadChange, match="not on the status page"):
        tell(make_incident(), {other: State.MAJOR})


def test_it_may_have_begun_before_it_was_told_of() -> None:
    make_page("Shop")
    update = tell(make_incident())
    publishing.name_components(update, {}, NOW - HOUR)
    assert Outage.objects.get().began_at == NOW - HOUR
    with pytest.raises(BadChange, match="can't have begun after"):
        publishing.name_components(update, {}, NOW + HOUR)


def announced(**said: object) -> Maintenance:
    page, components = make_page("Shop")
    plain = {"title": "Larger database", "text": "", "starts_at": NOW + HOUR, "ends_at": NOW + 2 * HOUR}
    work = Work(**(plain | {"components": [c.pk for c in components]} | said))  # type: ignore[arg-type]
    return publishing.announce(page.pk, work, actor="alice", now=NOW)


def test_maintenance_is_announced() -> None:
    assert [c.name for c in announced().components.all()] == ["Shop"]


@pytest.mark.parametrize("said", [{"ends_at": NOW}, {"starts_at": NOW + 3 * HOUR}, {"ends_at": NOW + 999 * HOUR}])
def test_maintenance_has_a_sensible_time(said: dict[str, object]) -> None:
    with pytest.raises(BadChange, match="Maintenance"):
        announced(**said)


def test_maintenance_that_has_not_begun_is_called_off() -> None:
    work = announced()
    publishing.end_maintenance(work.page_id, work.pk, NOW)
    work.refresh_from_db()
    assert work.is_called_off
