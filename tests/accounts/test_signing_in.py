"""The one door: staff by password, visitors by code or password."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.urls import reverse

from core.models import User
from tests.accounts.conftest import PASSWORD, code_in, signed_in_as

LOGIN = "/accounts/login/"
CODE = "/accounts/login/code/confirm/"


def addresses_of(user):
    return list(EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary"))


def test_staff_sign_in_by_password_lands_in_the_admin(client, staff, mails):
    response = client.post(LOGIN, {"login": "anna@example.org", "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert signed_in_as(client) == staff.pk
    assert mails == []


@pytest.mark.usefixtures("dead_mail_server")
def test_staff_sign_in_by_password_with_a_dead_mail_server(client, staff):
    response = client.post(LOGIN, {"login": "anna@example.org", "password": PASSWORD, "next": "/admin/pages/"})

    assert (response.status_code, response["Location"]) == (302, "/admin/pages/")
    assert signed_in_as(client) == staff.pk
    assert addresses_of(staff) == [("anna@example.org", True, True)]


@pytest.mark.usefixtures("dead_mail_server")
def test_superuser_of_the_command_line_signs_in_with_a_dead_mail_server(client, db):
    root = User.objects.create_superuser("Root@Example.org", PASSWORD)

    client.post(LOGIN, {"login": "root@example.ORG", "password": PASSWORD})

    assert signed_in_as(client) == root.pk


def test_staff_sign_in_by_code_without_a_known_address_needs_one_code(client, staff, mails):
    client.post(LOGIN, {"login": "anna@example.org"})
    response = client.post(CODE, {"code": code_in(mails[0])})

    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert signed_in_as(client) == staff.pk
    assert len(mails) == 1


def test_visitor_sign_in_by_code_goes_on_to_the_page_asked_for(client, visitor, mails):
    response = client.post(LOGIN, {"login": "Olena@example.org", "password": "", "next": "/uk/events/"})
    assert (response.status_code, response["Location"]) == (302, f"{CODE}?next=%2Fuk%2Fevents%2F")
    assert signed_in_as(client) is None
    assert mails[0].to == ["olena@example.org"]

    response = client.post(CODE, {"code": code_in(mails[0]), "next": "/uk/events/"})

    assert (response.status_code, response["Location"]) == (302, "/uk/events/")
    assert signed_in_as(client) == visitor.pk
    assert addresses_of(visitor) == [("olena@example.org", True, True)]
    assert len(mails) == 1


def test_code_typed_without_its_dash_is_good(client, visitor, mails):
    client.post(LOGIN, {"login": "olena@example.org"})
    client.post(CODE, {"code": f" {code_in(mails[0]).replace('-', '')} "})

    assert signed_in_as(client) == visitor.pk


@pytest.mark.services
def test_wrong_code_signs_nobody_in_and_the_third_ends_it(client, visitor, mails):
    client.post(LOGIN, {"login": "olena@example.org"})
    right = code_in(mails[0])
    wrong = "0000-0000" if right != "0000-0000" else "1111-1111"

    answers = [client.post(CODE, {"code": wrong}).status_code for _attempt in range(3)]
    client.post(CODE, {"code": right})

    assert answers == [200, 200, 302]
    assert signed_in_as(client) is None


def test_code_of_one_browser_is_no_good_in_another(client, visitor, mails):
    client.post(LOGIN, {"login": "olena@example.org"})
    other = type(client)()
    other.post(LOGIN, {"login": "olena@example.org"})

    other.post(CODE, {"code": code_in(mails[0])})

    assert signed_in_as(other) is None


def test_visitor_with_a_password_signs_in_with_it(client, visitor, mails):
    visitor.set_password(PASSWORD)
    visitor.save()
    EmailAddress.objects.create(user=visitor, email=visitor.email, verified=True, primary=True)

    response = client.post(LOGIN, {"login": "olena@example.org", "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/")
    assert signed_in_as(client) == visitor.pk
    assert mails == []


def test_visitor_whose_address_nothing_proves_is_asked_for_a_code(client, visitor, mails):
    visitor.set_password(PASSWORD)
    visitor.save()

    response = client.post(LOGIN, {"login": "olena@example.org", "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/accounts/confirm-email/")
    assert signed_in_as(client) is None
    client.post("/accounts/confirm-email/", {"code": code_in(mails[0])})
    assert signed_in_as(client) == visitor.pk


@pytest.mark.parametrize("email", ["anna@example.org", "nobody@example.org"])
def test_wrong_password_and_unknown_address_get_the_same_answer(client, staff, email):
    response = client.post(LOGIN, {"login": email, "password": "wrong"})

    assert response.status_code == 200
    assert response.context["form"].errors.get_json_data() == {
        "__all__": [
            {
                "message": "The email address and/or password you specified are not correct.",
                "code": "email_password_mismatch",
            }
        ]
    }
    assert signed_in_as(client) is None


def answers_to_a_code_request(client, email):
    request = client.post(LOGIN, {"login": email})
    page = client.get(CODE)
    wrong = client.post(CODE, {"code": "not-it"})
    texts = [answer.content.decode().replace(email, "ADDRESS") for answer in (page, wrong)]
    return request.status_code, request["Location"], [without_tokens(text) for text in texts]


def without_tokens(html):
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


def test_code_for_an_unknown_address_looks_the_same_and_is_explained_by_mail(client, visitor, mails):
    known = answers_to_a_code_request(client, "olena@example.org")
    unknown = answers_to_a_code_request(type(client)(), "nobody@example.org")

    assert unknown == known
    assert [mail.to for mail in mails] == [["olena@example.org"], ["nobody@example.org"]]
    assert mails[1].body.splitlines()[0] == "http://testserver/accounts/signup/"


def test_inactive_account_is_refused(client, staff):
    staff.is_active = False
    staff.save()

    response = client.post(LOGIN, {"login": "anna@example.org", "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/accounts/inactive/")
    assert signed_in_as(client) is None


@pytest.mark.services
def test_passwords_are_limited_for_each_address(client, staff):
    for _attempt in range(5):
        client.post(LOGIN, {"login": "anna@example.org", "password": "wrong"})
    response = client.post(LOGIN, {"login": "anna@example.org", "password": PASSWORD})

    assert response.context["form"].non_field_errors() == ["Too many failed login attempts. Try again later."]
    assert signed_in_as(client) is None


@pytest.mark.services
def test_codes_are_limited_for_each_address(client, visitor, mails):
    answers = [type(client)().post(LOGIN, {"login": "olena@example.org"}).status_code for _attempt in range(4)]

    assert answers == [302, 302, 302, 200]
    assert len(mails) == 3


@pytest.mark.services
def test_attempts_are_limited_for_each_computer(client, db, settings, monkeypatch):
    import config.urls
    from accounts.views import too_many_requests

    monkeypatch.setattr(config.urls, "handler429", too_many_requests, raising=False)
    answers = [client.post(LOGIN, {"login": "", "password": ""}).status_code for _attempt in range(31)]

    assert answers == [200] * 30 + [429]
    response = client.post(LOGIN, {"login": "", "password": ""})
    assert "<h1>Too many attempts</h1>" in response.content.decode()


@pytest.mark.parametrize("password", ["", PASSWORD])
@pytest.mark.parametrize(("remember", "ends_with_browser"), [("", True), ("on", False)])
def test_session_ends_with_the_browser_unless_it_is_to_be_remembered(
    client, staff, mails, password, remember, ends_with_browser
):
    client.post(LOGIN, {"login": "anna@example.org", "password": password, "remember": remember})
    if not password:
        client.post(CODE, {"code": code_in(mails[0])})

    assert signed_in_as(client) == staff.pk
    assert client.session.get_expire_at_browser_close() is ends_with_browser


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_sign_in_never_leads_to_another_host(client, staff, wanted):
    response = client.post(LOGIN, {"login": "anna@example.org", "password": PASSWORD, "next": wanted})

    assert response["Location"] == "/admin/"


def test_sign_in_gives_the_session_a_new_key(client, staff):
    client.get(LOGIN)
    session = client.session
    session["before"] = "kept"
    session.save()
    before = session.session_key

    client.post(LOGIN, {"login": "anna@example.org", "password": PASSWORD})

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_signing_up_needs_an_address_and_a_code(client, db, mails):
    response = client.post(
        "/accounts/signup/", {"email": "New@example.org", "next": "/mk/"}, headers={"accept-language": "mk"}
    )
    assert (response.status_code, response["Location"]) == (302, "/accounts/confirm-email/")
    assert signed_in_as(client) is None

    response = client.post("/accounts/confirm-email/", {"code": code_in(mails[0])})

    user = User.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/mk/")
    assert signed_in_as(client) == user.pk
    assert (user.email, user.language, user.has_usable_password()) == ("new@example.org", "mk", False)
    assert addresses_of(user) == [("new@example.org", True, True)]


def test_signing_up_with_a_taken_address_looks_the_same_and_is_explained_by_mail(client, visitor, mails):
    response = client.post("/accounts/signup/", {"email": "olena@example.org"})

    assert (response.status_code, response["Location"]) == (302, "/accounts/confirm-email/")
    assert User.objects.count() == 1
    assert mails[0].body.splitlines()[0] == "http://testserver/accounts/login/"


def test_password_reset_sets_a_password_and_signs_nobody_in(client, staff, mails):
    client.post("/accounts/password/reset/", {"email": "anna@example.org"})
    client.post("/accounts/password/reset/confirm/", {"code": code_in(mails[0])})
    response = client.post(
        "/accounts/password/reset/complete/", {"password1": "a brand new shelf", "password2": "a brand new shelf"}
    )

    staff.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, "/accounts/password/reset/done/")
    assert staff.check_password("a brand new shelf")
    assert signed_in_as(client) is None


def test_new_address_takes_the_place_of_the_old_one_when_the_code_is_entered(client, visitor, mails):
    client.post(LOGIN, {"login": "olena@example.org"})
    client.post(CODE, {"code": code_in(mails[0])})

    client.post("/accounts/email/", {"action_add": "", "email": "olena@new.example"})
    assert mails[1].to == ["olena@new.example"]
    visitor.refresh_from_db()
    assert visitor.email == "olena@example.org"

    client.post("/accounts/confirm-email/", {"code": code_in(mails[1])})

    visitor.refresh_from_db()
    assert visitor.email == "olena@new.example"
    assert addresses_of(visitor) == [("olena@new.example", True, True)]


def test_changing_the_address_asks_for_the_password_once_more(client, staff):
    client.post(LOGIN, {"login": "anna@example.org", "password": PASSWORD})

    response = client.post("/accounts/email/", {"action_add": "", "email": "thief@example.org"})

    assert (response.status_code, response["Location"]) == (
        302,
        "/accounts/reauthenticate/?next=%2Faccounts%2Femail%2F",
    )


def test_signing_out_needs_a_post(client, staff):
    client.force_login(staff)

    client.get("/accounts/logout/")
    assert signed_in_as(client) == staff.pk
    client.post("/accounts/logout/")
    assert signed_in_as(client) is None


def test_mail_texts_agree_with_how_long_codes_are_good(settings):
    assert {
        settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT,
        settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
        settings.ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT,
        settings.ACCOUNT_LOGIN_TIMEOUT,
    } == {15 * 60}


def test_addresses_of_the_door_are_those_that_others_use(settings):
    assert (reverse("account_login"), reverse(settings.LOGIN_URL)) == (LOGIN, LOGIN)
