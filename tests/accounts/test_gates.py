"""Wagtail's own forms for signing in lead to the one door, and nowhere round it."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import NoReverseMatch, reverse
from wagtail.models import PageViewRestriction, Site

from core.models import User
from tests.accounts.conftest import PASSWORD, signed_in_as

GATES_OF_THE_ADMIN = [
    "/admin/login/",
    "/admin/login/?next=/admin/pages/",
    "/admin/password_reset/",
    "/admin/password_reset/done/",
    "/admin/password_reset/confirm/MQ/set-password/",
    "/admin/password_reset/complete/",
]
GATES_OF_PAGES = ["/en/_util/login/", "/uk/_util/login/", "/ru/_util/login/", "/mk/_util/login/"]


@pytest.fixture
def superuser(db):
    return User.objects.create_superuser("root@example.org", PASSWORD)


def where_to(client, path, **options):
    response = client.get(path, **options)
    return response.status_code, response.headers.get("Location", "")


@pytest.mark.parametrize("address", GATES_OF_THE_ADMIN + GATES_OF_PAGES)
@pytest.mark.parametrize("field", ["username", "email", "login"])
def test_posting_a_password_to_a_gate_signs_nobody_in(client, superuser, address, field):
    response = client.post(address, {field: "root@example.org", "password": PASSWORD})

    assert response.status_code == 302
    assert response["Location"].startswith(("/accounts/login/", "/accounts/password/reset/"))
    assert signed_in_as(client) is None


@pytest.mark.parametrize("name", ["wagtailadmin_login", "wagtailcore_login"])
def test_the_addresses_that_wagtail_redirects_to_are_gates(client, superuser, name):
    client.post(reverse(name), {"username": "root@example.org", "password": PASSWORD})

    assert signed_in_as(client) is None


@pytest.mark.parametrize(
    "address",
    ["/admin/login", "/admin//login/", "/ADMIN/login/", "/_util/login/", "/en/_util/login", "/admin/login/x/"],
)
def test_spellings_of_a_gate_sign_nobody_in(client, superuser, address):
    client.post(address, {"username": "root@example.org", "password": PASSWORD}, follow=True)

    assert signed_in_as(client) is None


def test_no_other_form_for_signing_in_exists():
    for name in ("admin:login", "login", "rest_framework:login"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_strangers_are_led_from_the_admin_to_the_door(client, db):
    assert where_to(client, "/admin/pages/?p=2") == (302, "/admin/login/?next=/admin/pages/%3Fp%3D2")
    assert where_to(client, "/admin/login/?next=/admin/pages/%3Fp%3D2") == (
        302,
        "/accounts/login/?next=%2Fadmin%2Fpages%2F%3Fp%3D2",
    )
    assert where_to(client, "/admin/login/") == (302, "/accounts/login/?next=%2Fadmin%2F")


def test_staff_pass_the_gate_of_the_admin(client, staff):
    client.force_login(staff)

    assert where_to(client, "/admin/login/") == (302, "/admin/")
    assert where_to(client, "/admin/login/?next=/admin/pages/") == (302, "/admin/pages/")


def test_visitors_are_refused_at_the_gate_of_the_admin_without_going_round_in_a_circle(client, visitor):
    client.force_login(visitor)

    response = client.get("/admin/", follow=True)

    assert response.status_code == 403
    assert response.redirect_chain == [("/admin/login/?next=/admin/", 302)]


@pytest.mark.parametrize("gate", ["/admin/login/", "/accounts/login/"])
@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_gate_never_leads_to_another_host(client, staff, gate, wanted):
    client.force_login(staff)

    assert where_to(client, gate, data={"next": wanted}) == (302, "/admin/")


def test_a_gate_never_carries_another_host_to_the_door(client, db):
    assert where_to(client, "/admin/login/?next=https://evil.example/") == (302, "/accounts/login/?next=%2Fadmin%2F")
    assert where_to(client, "/uk/_util/login/?next=//evil.example/") == (302, "/accounts/login/?next=%2Fuk%2F")


@pytest.mark.parametrize("address", [address for address in GATES_OF_THE_ADMIN if "password_reset" in address])
@pytest.mark.parametrize("who", ["stranger", "visitor", "staff"])
def test_password_reset_of_the_admin_leads_to_the_one_place(client, request, db, address, who):
    if who != "stranger":
        client.force_login(request.getfixturevalue(who))

    assert where_to(client, address) == (302, "/accounts/password/reset/")


def test_strangers_are_led_from_the_gate_of_pages_to_the_door(client, db):
    assert where_to(client, "/uk/_util/login/?next=/uk/about/") == (302, "/accounts/login/?next=%2Fuk%2Fabout%2F")


def test_whoever_is_signed_in_and_still_sent_to_the_gate_of_pages_is_refused(client, visitor):
    client.force_login(visitor)

    assert where_to(client, "/uk/_util/login/?next=/uk/about/") == (403, "")
    assert where_to(client, "/uk/_util/login/") == (302, "/")


@pytest.mark.parametrize("gate", ["/admin/login/", "/admin/password_reset/", "/uk/_util/login/"])
def test_gates_are_never_kept_by_a_cache(client, db, gate):
    assert "no-store" in client.get(gate)["Cache-Control"]


def test_reader_outside_of_the_groups_of_a_page_is_refused(client, visitor):
    home = Site.objects.get(is_default_site=True).root_page
    restriction = PageViewRestriction.objects.create(page=home, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(Group.objects.create(name="Council of readers"))
    client.force_login(visitor)

    response = client.get(f"/{home.locale.language_code}/", follow=True)

    assert response.status_code == 403


def test_wagtail_itself_neither_changes_nor_resets_passwords(client, staff):
    client.force_login(staff)

    page = client.get("/admin/account/").content.decode()

    assert 'type="password"' not in page
    assert 'type="email"' not in page
    assert 'href="/accounts/password/change/"' in page


def test_address_that_an_administrator_enters_counts_as_proven(client, superuser, mails):
    client.force_login(superuser)
    fields = {"email": "Petro@example.org", "first_name": "Petro", "last_name": "Hai", "is_active": "on"}
    fields |= {"password1": PASSWORD, "password2": PASSWORD}
    client.post("/admin/users/new/", fields)
    petro = User.objects.get(email__iexact="petro@example.org")

    visitor = Client()
    visitor.post("/accounts/login/", {"login": "petro@example.org", "password": PASSWORD})

    assert signed_in_as(visitor) == petro.pk
    assert mails == []


def test_address_that_an_administrator_replaced_opens_the_account_no_longer(client, superuser, staff, mails):
    Client().post("/accounts/login/", {"login": "anna@example.org", "password": PASSWORD})
    client.force_login(superuser)
    fields = {"email": "koval@example.org", "first_name": "Anna", "last_name": "Koval", "is_active": "on"}
    response = client.post(f"/admin/users/edit/{staff.pk}/", fields)
    assert response.status_code == 302

    Client().post("/accounts/login/", {"login": "anna@example.org"})
    Client().post("/accounts/login/", {"login": "koval@example.org"})

    assert [(mail.to, mail.subject.partition(": ")[2]) for mail in mails] == [
        (["anna@example.org"], "there is no account with this address"),
        (["koval@example.org"], "your code for signing in"),
    ]


def test_rights_to_the_admin_come_from_wagtails_permission(staff, visitor):
    from accounts.access import may_enter_admin

    visitor.is_staff = True
    visitor.save()
    group = Group.objects.create(name="Branch")
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    editor = User.objects.create_user("editor@example.org")
    editor.groups.add(group)

    assert [may_enter_admin(user) for user in (staff, visitor, editor)] == [True, False, True]
