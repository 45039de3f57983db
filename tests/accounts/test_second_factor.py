"""The second factor: asked for at every sign-in where it is set up, and of all staff where the network wants it."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.test import Client

from accounts.middleware import is_admin_path
from tests.accounts.conftest import PASSWORD, code_in, signed_in_as
from tests.accounts.security_key import SecurityKey
from tests.accounts.test_sign_in_links import SECRET, totp_code

SECOND = "/accounts/2fa/authenticate/"


@pytest.fixture
def required(settings):
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def key_of_staff(staff):
    """Return a passkey that the librarian has set up."""
    key, browser = SecurityKey(), Client()
    sign_in(browser)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    options = browser.get("/accounts/2fa/webauthn/add/").context["js_data"]["creation_options"]
    fields = {"name": "Key ring", "passwordless": "on", "credential": key.register(options)}
    response = browser.post("/accounts/2fa/webauthn/add/", fields)
    assert (response.status_code, response["Location"]) == (302, "/accounts/2fa/recovery-codes/")
    return key


def sign_in(client, password=PASSWORD):
    return client.post("/accounts/login/", {"login": "anna@example.org", "password": password})


def where_to(client, path, **options):
    response = client.get(path, **options)
    return response.status_code, response.headers.get("Location", "")


def test_password_alone_opens_nothing_where_a_second_factor_is_set_up(client, staff):
    TOTP.activate(staff, SECRET)

    response = sign_in(client)

    assert (response.status_code, response["Location"]) == (302, SECOND)
    assert signed_in_as(client) is None
    assert where_to(client, "/admin/") == (302, "/admin/login/?next=/admin/")
    client.post(SECOND, {"code": totp_code()})
    assert signed_in_as(client) == staff.pk


def test_mailed_code_alone_opens_nothing_where_a_second_factor_is_set_up(client, staff, mails):
    TOTP.activate(staff, SECRET)
    sign_in(client, password="")

    response = client.post("/accounts/login/code/confirm/", {"code": code_in(mails[0])})

    assert (response.status_code, response["Location"]) == (302, SECOND)
    assert signed_in_as(client) is None


def test_new_password_by_mail_is_no_way_round_the_second_factor(client, staff, mails):
    TOTP.activate(staff, SECRET)
    client.post("/accounts/password/reset/", {"email": "anna@example.org"})
    client.post("/accounts/password/reset/confirm/", {"code": code_in(mails[0])})
    client.post(
        "/accounts/password/reset/complete/", {"password1": "a brand new shelf", "password2": "a brand new shelf"}
    )

    response = sign_in(client, password="a brand new shelf")

    assert (response["Location"], signed_in_as(client)) == (SECOND, None)


def test_wrong_second_factor_opens_nothing(client, staff):
    TOTP.activate(staff, SECRET)
    sign_in(client)

    response = client.post(SECOND, {"code": "000000"})

    assert response.context["form"].errors.get_json_data()["code"][0]["message"] == "Incorrect code."
    assert signed_in_as(client) is None


def test_code_of_the_app_is_good_once(client, staff):
    TOTP.activate(staff, SECRET)
    code = totp_code()
    sign_in(client)
    client.post(SECOND, {"code": code})

    second = Client()
    sign_in(second)
    second.post(SECOND, {"code": code})

    assert (signed_in_as(client), signed_in_as(second)) == (staff.pk, None)


def test_recovery_code_stands_in_once_for_a_lost_phone(client, staff):
    TOTP.activate(staff, SECRET)
    code = RecoveryCodes.activate(staff).get_unused_codes()[0]
    for browser in (client, second := Client()):
        sign_in(browser)
        browser.post(SECOND, {"code": code})

    assert (signed_in_as(client), signed_in_as(second)) == (staff.pk, None)


# --- Where the network asks all staff for one -----------------------------------------------------------------------


def test_staff_without_a_second_factor_enter_the_admin_where_none_is_required(client, staff):
    sign_in(client)

    assert where_to(client, "/admin/") == (200, "")


@pytest.mark.usefixtures("required")
def test_staff_without_a_second_factor_are_led_to_set_one_up(client, staff):
    sign_in(client)

    assert where_to(client, "/admin/") == (302, "/accounts/second-factor/?next=%2Fadmin%2F")
    assert where_to(client, "/admin/pages/?p=2") == (302, "/accounts/second-factor/?next=%2Fadmin%2Fpages%2F%3Fp%3D2")
    page = client.get("/accounts/second-factor/").content.decode()
    assert 'href="/accounts/2fa/totp/activate/"' in page
    assert 'href="/accounts/2fa/webauthn/add/"' in page


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize(
    "path",
    ["/admin/", "/admin/users/", "/admin/login/", "/admin/api/main/pages/", "/admin/no-such-page/", "/admin/account/"],
)
@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete", "options"])
def test_no_page_of_the_admin_opens_without_a_second_factor(client, staff, path, method):
    sign_in(client)

    response = getattr(client, method)(path)

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/second-factor/?next=%2Fadmin%2F")


@pytest.mark.usefixtures("required")
def test_scripts_of_the_admin_are_refused_without_a_second_factor(client, staff):
    sign_in(client)

    assert where_to(client, "/admin/", headers={"x-requested-with": "XMLHttpRequest"}) == (403, "")


@pytest.mark.usefixtures("required")
def test_session_from_before_the_second_factor_must_show_it(client, staff):
    client.force_login(staff)
    TOTP.activate(staff, SECRET)

    assert where_to(client, "/admin/pages/") == (302, "/accounts/2fa/reauthenticate/?next=%2Fadmin%2Fpages%2F")
    response = client.post("/accounts/2fa/reauthenticate/", {"code": totp_code(), "next": "/admin/"})

    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert where_to(client, "/admin/") == (200, "")


@pytest.mark.usefixtures("required")
def test_session_from_before_a_security_key_must_show_it(client, staff, key_of_staff):
    client.force_login(staff)
    path = "/accounts/2fa/webauthn/reauthenticate/"
    assert where_to(client, "/admin/") == (302, f"{path}?next=%2Fadmin%2F")

    options = client.get(path).context["js_data"]["request_options"]
    response = client.post(path, {"credential": key_of_staff.sign(options), "next": "/admin/"})

    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert where_to(client, "/admin/") == (200, "")


@pytest.mark.usefixtures("required")
def test_passkey_alone_signs_in_and_opens_the_admin(client, staff, key_of_staff):
    options = client.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"}).json()
    response = client.post(
        "/accounts/2fa/webauthn/login/",
        {"credential": key_of_staff.sign(options["request_options"]), "next": "/admin/pages/"},
    )

    assert (response.status_code, response["Location"]) == (302, "/admin/pages/")
    assert signed_in_as(client) == staff.pk
    assert where_to(client, "/admin/") == (200, "")


def test_passkey_of_another_key_signs_nobody_in(client, staff, key_of_staff):
    options = client.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"}).json()
    stranger = SecurityKey()
    stranger.user_handle = key_of_staff.user_handle
    response = client.post("/accounts/2fa/webauthn/login/", {"credential": stranger.sign(options["request_options"])})

    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    assert signed_in_as(client) is None


@pytest.mark.usefixtures("required")
def test_showing_the_password_once_more_is_no_second_factor(client, staff):
    TOTP.activate(staff, SECRET)
    client.force_login(staff)

    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert where_to(client, "/admin/") == (302, "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F")


@pytest.mark.usefixtures("required")
def test_second_factor_of_somebody_else_in_the_same_browser_does_not_count(client, staff, visitor):
    TOTP.activate(visitor, SECRET)
    visitor.set_password(PASSWORD)
    visitor.save()
    client.post("/accounts/link/", {})
    client.force_login(visitor)
    client.post("/accounts/2fa/reauthenticate/", {"code": totp_code()})
    client.post("/accounts/logout/")

    sign_in(client)

    assert where_to(client, "/admin/") == (302, "/accounts/second-factor/?next=%2Fadmin%2F")


@pytest.mark.usefixtures("required")
def test_signing_in_with_the_second_factor_opens_the_admin(client, staff):
    TOTP.activate(staff, SECRET)
    sign_in(client)
    response = client.post(SECOND, {"code": totp_code()})

    assert response["Location"] == "/admin/"
    assert where_to(client, "/admin/") == (200, "")


@pytest.mark.usefixtures("required")
def test_setting_up_the_app_opens_the_admin_at_once(client, staff, monkeypatch):
    # The transaction of a test is never committed, and allauth tells of a new app on commit.
    monkeypatch.setattr(transaction, "on_commit", lambda function, **options: function())
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret

    response = client.post("/accounts/2fa/totp/activate/", {"code": totp_code(secret)})

    assert (response.status_code, response["Location"]) == (302, "/accounts/2fa/recovery-codes/")
    assert where_to(client, "/admin/") == (200, "")
    assert where_to(client, "/accounts/second-factor/") == (302, "/accounts/2fa/")


@pytest.mark.usefixtures("required", "dead_mail_server")
def test_staff_whose_address_nothing_proves_can_set_up_an_app(client, staff):
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


@pytest.mark.usefixtures("required")
def test_staff_can_always_sign_out(client, staff):
    sign_in(client)

    client.post("/admin/logout/")

    assert signed_in_as(client) is None


@pytest.mark.usefixtures("required")
def test_visitors_and_strangers_are_not_asked_for_a_second_factor(client, visitor):
    assert where_to(client, "/admin/") == (302, "/admin/login/?next=/admin/")
    client.force_login(visitor)
    assert where_to(client, "/accounts/email/") == (200, "")
    assert where_to(client, "/admin/login/?next=/admin/") == (403, "")


def test_admin_paths_are_those_below_the_admin():
    assert [
        is_admin_path(path) for path in ("/admin/", "/admin/x/", "/admin/logout/", "/en/admin/", "/administration/")
    ] == [
        True,
        True,
        False,
        False,
        False,
    ]
