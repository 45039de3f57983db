"""One-time links: made by a command, good for one sign-in, never a way round the second factor."""

import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import signing
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.domain.sign_in_links import LinkRefusedError, make_token, read_token, spend_token
from core.models import User
from tests.accounts.conftest import PASSWORD, signed_in_as

pytestmark = pytest.mark.services
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXP"


def totp_code(secret=SECRET):
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))


def token_of(user):
    return make_token(user, until=timezone.now() + timedelta(minutes=30))


# --- The token ------------------------------------------------------------------------------------------------------


def test_token_names_its_user_until_its_time_is_over(staff):
    token = make_token(staff, until=NOON)

    assert read_token(token, now=NOON - timedelta(seconds=1)) == staff
    with pytest.raises(LinkRefusedError):
        read_token(token, now=NOON)


def test_token_is_spent_once(staff):
    token = make_token(staff, until=NOON)

    assert spend_token(token, now=NOON - timedelta(minutes=5)) == staff
    with pytest.raises(LinkRefusedError):
        spend_token(token, now=NOON - timedelta(minutes=5))


def test_token_is_spent_by_one_of_two_at_the_same_moment(staff, monkeypatch):
    token = make_token(staff, until=NOON)
    # The second one has read the account before the first one spent the token.
    read_early = read_token(token, now=NOON - timedelta(minutes=5))
    spend_token(token, now=NOON - timedelta(minutes=5))
    monkeypatch.setattr("accounts.domain.sign_in_links.read_token", lambda token, now: read_early)

    with pytest.raises(LinkRefusedError):
        spend_token(token, now=NOON - timedelta(minutes=5))


@pytest.mark.parametrize(
    "change",
    [
        lambda user: user.set_password("another long password"),
        lambda user: setattr(user, "email", "other@example.org"),
        lambda user: setattr(user, "last_login", NOON),
        lambda user: setattr(user, "is_active", False),
    ],
    ids=["password", "address", "signed in", "switched off"],
)
def test_token_is_void_when_the_account_has_changed(staff, change):
    token = make_token(staff, until=NOON)
    change(staff)
    staff.save()

    with pytest.raises(LinkRefusedError):
        read_token(token, now=NOON - timedelta(minutes=5))


def test_token_is_void_when_it_was_tampered_with(staff, visitor):
    token = make_token(staff, until=NOON)
    payload = signing.loads(token, salt="accounts.sign_in_link") | {"user": visitor.pk}
    forged = signing.dumps(payload, salt="accounts.sign_in_link")

    for bad in (token[:-1], token + "x", "", "nothing", forged):
        with pytest.raises(LinkRefusedError):
            read_token(bad, now=NOON - timedelta(minutes=5))


# --- The page -------------------------------------------------------------------------------------------------------


def test_link_shows_a_button_and_signs_nobody_in_by_itself(client, staff):
    path = f"/accounts/link/{token_of(staff)}/"

    pages = [client.get(path), client.head(path), client.get(path)]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert "This link signs you in once as Anna Koval." in pages[0].content.decode()
    assert signed_in_as(client) is None


@pytest.mark.usefixtures("dead_mail_server")
def test_link_signs_in_once_without_any_mail(client, staff):
    path = f"/accounts/link/{token_of(staff)}/"
    response = client.post(path)

    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert signed_in_as(client) == staff.pk
    assert client.session.get_expire_at_browser_close()

    again = Client()
    assert (again.get(path).status_code, again.post(path).status_code) == (410, 410)
    assert signed_in_as(again) is None


def test_link_of_a_visitor_leads_to_the_site(client, visitor):
    response = client.post(f"/accounts/link/{token_of(visitor)}/")

    assert (response["Location"], signed_in_as(client)) == ("/", visitor.pk)


def test_link_ends_the_session_of_somebody_else(client, staff, visitor):
    client.force_login(visitor)
    session = client.session
    session["basket"] = "of the visitor"
    session.save()

    client.post(f"/accounts/link/{token_of(staff)}/")

    assert signed_in_as(client) == staff.pk
    assert "basket" not in client.session


def test_link_still_asks_for_the_second_factor(client, staff):
    TOTP.activate(staff, SECRET)
    path = f"/accounts/link/{token_of(staff)}/"

    response = client.post(path)
    assert (response.status_code, response["Location"]) == (302, "/accounts/2fa/authenticate/")
    assert signed_in_as(client) is None
    assert client.get("/admin/").status_code == 302
    assert Client().post(path).status_code == 410

    client.post("/accounts/2fa/authenticate/", {"code": totp_code()})
    assert signed_in_as(client) == staff.pk


def test_link_still_asks_for_the_second_factor_of_whoever_is_signed_in_as_somebody_else(client, staff, visitor):
    TOTP.activate(staff, SECRET)
    client.force_login(visitor)

    client.post(f"/accounts/link/{token_of(staff)}/")

    assert signed_in_as(client) is None


def test_link_needs_the_token_of_the_form(staff):
    client = Client(enforce_csrf_checks=True)

    assert client.post(f"/accounts/link/{token_of(staff)}/").status_code == 403
    assert signed_in_as(client) is None


def test_link_lets_a_forgotten_password_be_replaced(client, staff):
    client.post(f"/accounts/link/{token_of(staff)}/")
    response = client.post(
        "/accounts/password/change/", {"password1": "a brand new shelf", "password2": "a brand new shelf"}
    )

    staff.refresh_from_db()
    assert response.status_code == 302
    assert staff.check_password("a brand new shelf")
    assert signed_in_as(client) == staff.pk


def test_link_lets_a_forgotten_password_be_replaced_for_a_quarter_of_an_hour(client, staff):
    client.post(f"/accounts/link/{token_of(staff)}/")
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 15 * 60
    session.save()

    assert list(client.get("/accounts/password/change/").context["form"].fields) == [
        "oldpassword",
        "password1",
        "password2",
    ]


@pytest.mark.usefixtures("dead_mail_server")
def test_link_lets_a_second_factor_be_set_up_without_the_forgotten_password(client, staff):
    client.post(f"/accounts/link/{token_of(staff)}/")

    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_password_is_not_changed_without_the_old_one_after_an_ordinary_sign_in(client, staff):
    client.post("/accounts/login/", {"login": "anna@example.org", "password": PASSWORD})
    response = client.post(
        "/accounts/password/change/", {"password1": "a brand new shelf", "password2": "a brand new shelf"}
    )

    staff.refresh_from_db()
    assert response.context["form"].errors.as_data().keys() == {"oldpassword"}
    assert staff.check_password(PASSWORD)


# --- The command ----------------------------------------------------------------------------------------------------


def printed_link(*args):
    out = StringIO()
    call_command("sign_in_link", *args, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_command_prints_nothing_but_a_link_that_works(client, staff, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://library.example"

    link = re.fullmatch(r"https://library\.example(/accounts/link/[\w:-]+/)\n", printed_link("ANNA@example.org"))

    client.post(link[1])
    assert signed_in_as(client) == staff.pk


def test_command_makes_links_for_as_many_minutes_as_it_is_told(staff):
    before = timezone.now().replace(microsecond=0)
    token = printed_link("anna@example.org", "--minutes", "5").rstrip("/\n").rpartition("/")[2]

    assert read_token(token, now=before + timedelta(minutes=4, seconds=59)) == staff
    with pytest.raises(LinkRefusedError):
        read_token(token, now=timezone.now() + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nobody@example.org"], "No account has the mail address nobody@example.org."),
        (["olena@example.org"], "The account olena@example.org is switched off."),
        (["anna@example.org", "--minutes", "0"], "--minutes must be between 1 and 1440."),
        (["anna@example.org", "--minutes", "1441"], "--minutes must be between 1 and 1440."),
    ],
)
def test_command_says_why_it_makes_no_link(staff, visitor, args, message):
    User.objects.filter(pk=visitor.pk).update(is_active=False)

    with pytest.raises(CommandError) as error:
        printed_link(*args)

    assert str(error.value) == message


def test_command_forgets_a_lost_second_factor_only_when_told_to(client, staff):
    TOTP.activate(staff, SECRET)

    printed_link("anna@example.org")
    assert Authenticator.objects.count() == 1
    link = printed_link("anna@example.org", "--forget-second-factor")

    assert Authenticator.objects.count() == 0
    client.post(link.strip().removeprefix("http://127.0.0.1:8000"))
    assert signed_in_as(client) == staff.pk
