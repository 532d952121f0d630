"""The pages on which admins and managers say who may do what."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories import make_environment, make_user
from tocsin.accounts.access import Role
from tocsin.accounts.models import User
from tocsin.catalog.memberships import Membership, access_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(make_user("root", Role.ADMIN))
    return client


def shown_password(page: str) -> str:
    found = re.search(r'id="new-password">([^<]+)<', page)
    assert found
    return found[1]


def test_somebody_is_added_and_comes_in_with_the_password_that_was_shown_once(admin: Client) -> None:
    page = admin.post("/people/new", {"username": "bob", "role": "responder"}).content.decode()
    form = {"username": "bob", "password": shown_password(page)}
    assert Client().post("/login", form)["Location"] == "/"
    bob = User.objects.get(username="bob")
    assert "new-password" not in admin.get(f"/people/{bob.pk}").content.decode()


def test_a_persons_page_is_among_the_settings(admin: Client) -> None:
    page = admin.get(f"/people/{make_user('bob').pk}").content.decode()
    assert '<a href="/people" aria-current="page">People</a>' in page


def test_an_address_is_kept_and_none_that_is_wrong_or_somebody_elses(admin: Client) -> None:
    admin.post("/people/new", {"username": "bob", "email": "bob@tea.example", "role": ""})
    bob, eve = User.objects.get(username="bob"), make_user("eve")
    assert bob.email == "bob@tea.example"
    said = [
        admin.post(f"/people/{eve.pk}/email", {"email": each}).content.decode() for each in ("eve", "BOB@tea.example")
    ]
    assert "“eve” is no e-mail address" in said[0]
    assert "bob has the address BOB@tea.example already" in said[1]
    admin.post(f"/people/{bob.pk}/email", {"email": ""})
    assert admin.post(f"/people/{eve.pk}/email", {"email": "bob@tea.example"}).status_code == 302


def test_a_name_that_is_taken_is_said(admin: Client) -> None:
    answer = admin.post("/people/new", {"username": "root", "role": ""})
    assert answer.status_code == 400
    assert "already exists" in answer.content.decode()


def test_another_password_ends_sessions_and_so_does_shutting_out(admin: Client) -> None:
    bob, theirs = make_user("bob"), Client()
    theirs.force_login(bob)
    assert theirs.get("/").status_code == 200
    password = shown_password(admin.post(f"/people/{bob.pk}/password").content.decode())
    assert theirs.get("/").status_code == 302
    theirs.post("/login", {"username": "bob", "password": password})
    assert theirs.get("/").status_code == 200
    admin.post(f"/people/{bob.pk}/standing", {"do": "deactivate"})
    assert theirs.get("/").status_code == 302


def test_whoever_lets_somebody_try_again_hears_whether_anything_was_in_the_way(admin: Client) -> None:
    bob = make_user("bob")
    for _ in range(5):
        refused = Client().post("/login", {"username": "bob", "password": "wrong"})
    assert refused.status_code == 429
    said = [admin.post(f"/people/{bob.pk}/standing", {"do": "unlock"}).content.decode() for _ in range(2)]
    assert "bob can try again" in said[0]
    assert "Nothing keeps bob" in said[1]


def test_nobody_shuts_themselves_out_and_the_last_admin_stays(admin: Client) -> None:
    root = User.objects.get()
    assert "shut yourself out" in admin.post(f"/people/{root.pk}/standing", {"do": "deactivate"}).content.decode()
    assert "last admin" in admin.post(f"/people/{root.pk}/role", {"role": ""}).content.decode()


def test_a_membership_is_given_changed_and_taken(admin: Client) -> None:
    shop, bob = make_environment().project, make_user("bob", "")
    for role in ("viewer", "manager"):
        admin.post(f"/people/{bob.pk}/membership", {"project": "shop", "role": role})
        assert access_of(bob).role_in(shop.pk) == role
    assert "bob" in admin.get("/projects/shop").content.decode()
    admin.post(f"/people/{bob.pk}/membership", {"project": "shop", "role": ""})
    assert access_of(bob).role_in(shop.pk) is None


def test_a_manager_of_a_project_makes_members_of_it_up_to_what_they_may(client: Client) -> None:
    shop, maria = make_environment().project, make_user("maria", "")
    make_user("bob", "")
    Membership.objects.create(project=shop, user=maria, role=Role.MANAGER)
    client.force_login(maria)
    assert client.post("/projects/shop/members", {"username": "bob", "role": "responder"}).status_code == 302
    refused = client.post("/projects/shop/members", {"username": "bob", "role": "admin"})
    assert refused.status_code == 400
    assert "at most what you may" in refused.content.decode()
    assert "nobody called" in client.post("/projects/shop/members", {"username": "x", "role": ""}).content.decode()


def test_who_is_nowhere_a_member_is_told_so_and_sees_nothing(client: Client) -> None:
    client.force_login(make_user("bob", ""))
    assert "not a member of any project" in client.get("/account").content.decode()
    page = client.get("/").content.decode()
    assert "not a member of any project" in page
    assert "tocsin source add" not in page
