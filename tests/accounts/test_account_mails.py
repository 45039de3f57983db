"""Mails of signing in: the code or the address first, plain text, in the name of the network."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Site

from core.models import Network, OutboxMessage

POSTS = {
    "sign in": ("/accounts/login/", {"login": "olena@example.org"}),
    "sign up": ("/accounts/signup/", {"email": "new@example.org"}),
    "new password": ("/accounts/password/reset/", {"email": "olena@example.org"}),
    "unknown address": ("/accounts/login/", {"login": "nobody@example.org"}),
    "taken address": ("/accounts/signup/", {"email": "olena@example.org"}),
}


@pytest.fixture
def network(db):
    network = Network.for_site(Site.objects.get(is_default_site=True))
    network.name = {"en": "Anna & Petro's Libraries"}
    network.save()
    return network


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize("kind", POSTS)
def test_mail_is_plain_text_in_the_name_of_the_network(client, visitor, mails, kind):
    client.post(*POSTS[kind])

    (mail,) = mails
    assert mail.alternatives == []
    assert mail.subject.startswith("Anna & Petro's Libraries: ")
    assert "\n-- \nAnna & Petro's Libraries\nhttp://testserver/" in mail.body
    assert "&amp;" not in mail.body + mail.subject
    assert "&#x27;" not in mail.body + mail.subject


@pytest.mark.usefixtures("network")
def test_mail_with_a_code_begins_with_it_and_says_what_it_is_for(client, visitor, mails):
    client.post(*POSTS["sign in"])

    code = mails[0].body.splitlines()[0]
    assert mails[0].subject == "Anna & Petro's Libraries: your code for signing in"
    assert mails[0].body == (
        f"{code}\n"
        "\n"
        "This is your code for signing in at Anna & Petro's Libraries.\n"
        "Type it into the page that you left open. It is good for a quarter of an hour.\n"
        "\n"
        "If you did not ask for it, delete this mail: without it nobody gets in.\n"
        "\n"
        "-- \n"
        "Anna & Petro's Libraries\n"
        "http://testserver/"
    )


@pytest.mark.parametrize(("kind", "expires"), [("sign in", True), ("sign up", True), ("unknown address", False)])
def test_mail_with_a_code_is_of_no_use_later(client, visitor, settings, kind, expires):
    settings.EMAIL_BACKEND = "core.outbox.OutboxBackend"
    before = timezone.now()

    client.post(*POSTS[kind])

    expires_at = OutboxMessage.objects.get().expires_at
    assert (expires_at is not None) is expires
    assert not expires or before + timedelta(minutes=14) < expires_at < timezone.now() + timedelta(minutes=16)


def test_code_stands_in_no_subject(client, visitor, mails):
    for kind in ("sign in", "sign up", "new password"):
        type(client)().post(*POSTS[kind])

    for mail in mails:
        assert mail.body.splitlines()[0] not in mail.subject


def test_mail_of_a_network_without_a_name_has_the_host_instead(client, visitor, mails):
    client.post(*POSTS["sign in"])

    assert mails[0].subject == "testserver: your code for signing in"


def test_mail_goes_through_the_outbox(client, visitor, settings):
    from core.models import OutboxMessage

    settings.EMAIL_BACKEND = "core.outbox.OutboxBackend"
    client.post(*POSTS["sign in"])

    assert list(OutboxMessage.objects.values_list("recipient", flat=True)) == ["olena@example.org"]
