"""Every page of an account: ours, whole, readable by everybody, without anything inline."""

from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver

from accounts import urls
from tests.accounts.conftest import PASSWORD
from tests.accounts.security_key import SecurityKey
from tests.accounts.test_sign_in_links import SECRET, token_of, totp_code

TEMPLATES = Path(settings.ROOT) / "templates"


# --- Ways to get to each page -----------------------------------------------------------------------------------------


def plain(path, headers):
    return Client(headers=headers).get(path)


def signed_in(path, headers, user, *, lately=True):
    client = Client(headers=headers)
    if user.has_usable_password():
        client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
        if Authenticator.objects.filter(user=user, type="totp").exists():
            client.post("/accounts/2fa/authenticate/", {"code": totp_code()})
        if lately:
            client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    else:
        client.force_login(user)
    return client.get(path)


def after(posts, path, headers):
    client = Client(headers=headers)
    for address, fields in posts:
        client.post(address, fields)
    return client.get(path)


def add_key(user):
    client, key = Client(), SecurityKey()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    options = client.get("/accounts/2fa/webauthn/add/").context["js_data"]["creation_options"]
    client.post("/accounts/2fa/webauthn/add/", {"name": "Key ring", "credential": key.register(options)})
    return Authenticator.objects.get(user=user, type="webauthn").pk


def login_code(headers, staff, visitor, mails):
    return after([("/accounts/login/", {"login": "olena@example.org"})], "/accounts/login/code/confirm/", headers)


def signup_code(headers, staff, visitor, mails):
    return after([("/accounts/signup/", {"email": "new@example.org"})], "/accounts/confirm-email/", headers)


def reset_code(headers, staff, visitor, mails):
    posts = [("/accounts/password/reset/", {"email": "anna@example.org"})]
    return after(posts, "/accounts/password/reset/confirm/", headers)


def reset_password(headers, staff, visitor, mails):
    client = Client(headers=headers)
    client.post("/accounts/password/reset/", {"email": "anna@example.org"})
    client.post("/accounts/password/reset/confirm/", {"code": mails[-1].body.splitlines()[0]})
    return client.get("/accounts/password/reset/complete/")


def second_factor(headers, staff, visitor, mails):
    TOTP.activate(staff, SECRET)
    posts = [("/accounts/login/", {"login": "anna@example.org", "password": PASSWORD})]
    return after(posts, "/accounts/2fa/authenticate/", headers)


def with_app(path):
    def page(headers, staff, visitor, mails):
        TOTP.activate(staff, SECRET)
        return signed_in(path, headers, staff)

    return page


def with_key(path):
    def page(headers, staff, visitor, mails):
        pk = add_key(staff)
        client = Client(headers=headers)
        client.force_login(staff)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        return client.get(path.format(pk=pk))

    return page


def of_staff(path, *, lately=True):
    return lambda headers, staff, visitor, mails: signed_in(path, headers, staff, lately=lately)


def of_visitor(path):
    return lambda headers, staff, visitor, mails: signed_in(path, headers, visitor)


def of_stranger(path):
    return lambda headers, staff, visitor, mails: plain(path, headers)


def link(headers, staff, visitor, mails):
    return plain(f"/accounts/link/{token_of(staff)}/", headers)


PAGES = {
    "sign in": of_stranger("/accounts/login/?next=/uk/"),
    "sign up": of_stranger("/accounts/signup/"),
    "ask for a code": of_stranger("/accounts/login/code/"),
    "enter the code for signing in": login_code,
    "enter the code for signing up": signup_code,
    "ask for a new password": of_stranger("/accounts/password/reset/"),
    "enter the code for a new password": reset_code,
    "choose the new password": reset_password,
    "new password saved": of_stranger("/accounts/password/reset/done/"),
    "switched off": of_stranger("/accounts/inactive/"),
    "one-time link": link,
    "one-time link refused": of_stranger("/accounts/link/nothing/"),
    "second factor": second_factor,
    "sign out": of_visitor("/accounts/logout/"),
    "mail address": of_visitor("/accounts/email/"),
    "change the password": of_staff("/accounts/password/change/"),
    "choose a password": of_visitor("/accounts/password/set/"),
    "show the password once more": of_staff("/accounts/reauthenticate/", lately=False),
    "show a code once more": with_app("/accounts/2fa/reauthenticate/"),
    "show the key once more": with_key("/accounts/2fa/webauthn/reauthenticate/"),
    "second factor needed": of_staff("/accounts/second-factor/"),
    "kinds of second factor": of_visitor("/accounts/2fa/"),
    "kinds of second factor with an app": with_app("/accounts/2fa/"),
    "kinds of second factor with a key": with_key("/accounts/2fa/"),
    "set up an app": of_staff("/accounts/2fa/totp/activate/"),
    "remove the app": with_app("/accounts/2fa/totp/deactivate/"),
    "recovery codes": with_key("/accounts/2fa/recovery-codes/"),
    "make recovery codes": with_key("/accounts/2fa/recovery-codes/generate/"),
    "no keys": of_staff("/accounts/2fa/webauthn/"),
    "keys": with_key("/accounts/2fa/webauthn/"),
    "add a key": of_staff("/accounts/2fa/webauthn/add/"),
    "rename a key": with_key("/accounts/2fa/webauthn/keys/{pk}/edit/"),
    "remove a key": with_key("/accounts/2fa/webauthn/keys/{pk}/remove/"),
    "sessions": of_staff("/accounts/sessions/"),
}


@pytest.fixture(params=PAGES)
def response(request, staff, visitor, mails):
    return PAGES[request.param]({"accept-language": "uk"}, staff, visitor, mails)


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


def test_page_of_an_account_is_whole_and_ours(response):
    soup = soup_of(response)

    assert response.status_code in {200, 410}
    assert soup.html["lang"] == "uk"
    assert [len(soup.find_all(tag)) for tag in ("main", "h1", "title")] == [1, 1, 1]
    assert soup.main.h1.get_text(strip=True)
    assert soup.find("meta", {"name": "robots"})["content"] == "noindex"
    names = ("account/", "accounts/", "mfa/", "usersessions/", "allauth/")
    stock = [one.name for one in response.templates if one.name and one.name.startswith(names)]
    assert [name for name in stock if not (TEMPLATES / name).exists()] == []


def test_page_of_an_account_tells_what_each_field_is(response):
    soup = soup_of(response)
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    labels = {label["for"]: label.get_text(strip=True) for label in soup.find_all("label")}

    assert len(ids) == len(set(ids))
    for field in soup.main.find_all(["input", "textarea", "select"]):
        if field["type"] == "hidden":
            continue
        assert labels[field["id"]]
        assert "placeholder" not in field.attrs
        assert set(field.get("aria-describedby", "").split()) <= set(ids)
        if field["type"] in {"email", "password"} or field["name"] == "code":
            assert field["autocomplete"] in {
                "username",
                "email",
                "current-password",
                "new-password",
                "one-time-code",
            }
    for form in soup.main.find_all("form", method="post"):
        assert len(form.find_all("input", {"name": "csrfmiddlewaretoken"})) == 1
    for image in soup.main.find_all("img"):
        assert image["alt"]


def test_page_of_an_account_holds_nothing_inline(response):
    soup = soup_of(response)
    scripts = [script for script in soup.find_all("script") if not script.get("src")]

    assert {script["type"] for script in scripts} <= {"application/json", "application/ld+json"}
    assert soup.find_all("style") == []
    assert [
        tag for tag in soup.find_all(True) if any(name == "style" or name.startswith("on") for name in tag.attrs)
    ] == []
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]


def test_page_of_an_account_needs_no_script_but_for_keys(response):
    soup = soup_of(response)

    for button in soup.main.find_all("button", type="button"):
        form = button.find_parent("form")
        assert "data-needs-passkeys" in form.attrs
        assert "hidden" in form.attrs


def test_every_page_of_an_account_is_among_those(staff, visitor, mails):
    without_page = {
        "mfa_login_webauthn",  # answers scripts
        "mfa_download_recovery_codes",  # a text file
    }
    named = {pattern.name for pattern in all_patterns(urls.urlpatterns)}
    shown = set()
    for number, page in enumerate(PAGES.values()):
        # Nothing that an earlier one counted against its reader.
        cache.key_prefix = f"{cache.key_prefix}-{number}"
        shown.add(page({}, staff, visitor, mails).resolver_match.url_name)
        Authenticator.objects.all().delete()

    assert named - shown == without_page


def all_patterns(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from all_patterns(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern


def test_errors_stand_on_top_and_are_tied_to_their_fields(client, staff):
    response = client.post("/accounts/login/", {"login": "not an address", "password": ""})
    soup = soup_of(response)

    assert soup.title.get_text().strip().startswith("Error: Sign in")
    summary = soup.main.find(role="alert")
    assert [(link["href"], link.get_text()) for link in summary.find_all("a")] == [
        ("#id_login", "Mail address: Enter a valid email address.")
    ]
    field = soup.find(id="id_login")
    assert (field["aria-invalid"], field["value"]) == ("true", "not an address")
    assert soup.find(id=field["aria-describedby"]).get_text(strip=True) == "Enter a valid email address."


def test_errors_of_the_whole_form_stand_on_top(client, staff):
    response = client.post("/accounts/login/", {"login": "anna@example.org", "password": "wrong"})

    summary = soup_of(response).main.find(role="alert")
    assert [item.get_text() for item in summary.find_all("li")] == [
        "The email address and/or password you specified are not correct."
    ]
    assert "wrong" not in response.content.decode()


def test_form_for_signing_in_asks_for_three_things(client, db):
    fields = [
        (field["name"], field["type"], field.get("autocomplete"), field.has_attr("required"))
        for field in soup_of(client.get("/accounts/login/")).main.find_all("input")
        if field["type"] != "hidden"
    ]

    assert fields == [
        ("login", "email", "username", True),
        ("password", "password", "current-password", False),
        ("remember", "checkbox", None, False),
    ]


def test_codes_get_the_keyboard_of_digits(client, visitor, mails):
    client.post("/accounts/login/", {"login": "olena@example.org"})

    field = soup_of(client.get("/accounts/login/code/confirm/")).find(id="id_code")

    assert (field["inputmode"], field["autocomplete"]) == ("numeric", "one-time-code")


def test_new_code_is_mailed_on_request(client, visitor, mails):
    client.post("/accounts/login/", {"login": "olena@example.org", "next": "/mk/"})
    response = client.post("/accounts/login/code/confirm/", {"action": "resend", "next": "/mk/"})

    assert response["Location"] == "/accounts/login/code/confirm/?next=%2Fmk%2F"
    assert [mail.to for mail in mails] == [["olena@example.org"], ["olena@example.org"]]
    client.post("/accounts/login/code/confirm/", {"code": mails[1].body.splitlines()[0]})
    assert client.session["_auth_user_id"] == str(visitor.pk)


def test_starting_again_leads_from_the_code_back_to_the_form(client, visitor, mails):
    client.post("/accounts/login/", {"login": "olena@example.org"})
    assert client.get("/accounts/login/")["Location"] == "/accounts/login/code/confirm/"

    response = client.post("/accounts/logout/", {"next": "/accounts/login/"}, follow=True)

    assert response.redirect_chain == [("/accounts/login/", 302)]
    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/accounts/link/nothing/"])
def test_pages_of_an_account_are_never_kept_by_a_cache(client, db, path):
    response = client.get(path)

    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/accounts/login/?next=/mk/events/", "mk"),
        ("/accounts/login/?next=/admin/", "ru"),
        ("/accounts/login/?next=//mk/", "ru"),
        ("/accounts/login/?next=mk/", "ru"),
        ("/accounts/login/?next=xmk/", "ru"),
        ("/accounts/login/?next=/xx/", "ru"),
        ("/accounts/signup/?next=/mk/", "mk"),
    ],
)
def test_page_speaks_the_language_of_where_the_visitor_comes_from_else_of_the_browser(client, db, path, language):
    response = client.get(path, headers={"accept-language": "ru"})

    assert soup_of(response).html["lang"] == language
    assert response["Content-Language"] == language


def test_following_pages_and_mails_keep_the_language(client, visitor, mails, settings):
    client.post("/accounts/login/", {"login": "olena@example.org", "next": "/mk/"}, headers={"accept-language": "ru"})

    page = client.get("/accounts/login/code/confirm/", headers={"accept-language": "ru"})

    assert soup_of(page).html["lang"] == "mk"


def test_sign_in_link_of_a_name_with_markup_is_escaped(client, staff):
    staff.first_name = "<b>Anna</b>"
    staff.save()

    page = client.get(f"/accounts/link/{token_of(staff)}/").content.decode()

    assert "&lt;b&gt;Anna&lt;/b&gt; Koval" in page
