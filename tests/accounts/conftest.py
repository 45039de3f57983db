"""People who sign in, and a look into the mail."""

import re

import pytest
from django.contrib.auth.models import Permission

from core.models import User

PASSWORD = "fifteen quiet readers"


@pytest.fixture
def visitor(db):
    """Return a visitor without a password, made without any record of a proven address."""
    return User.objects.create_user("olena@example.org")


@pytest.fixture
def staff(db):
    """Return a librarian with a password, made by an administrator: nothing proves the address."""
    user = User.objects.create_user("anna@example.org", PASSWORD, first_name="Anna", last_name="Koval")
    user.user_permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    return user


@pytest.fixture
def mails(settings, mailoutbox):
    """Return what is mailed."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mailoutbox


@pytest.fixture
def dead_mail_server(settings):
    """Let every attempt to mail fail."""
    settings.EMAIL_BACKEND = "tests.accounts.conftest.DeadMailServer"


class DeadMailServer:
    """A mail backend that can't send."""

    def __init__(self, *args, **kwargs):
        raise ConnectionRefusedError


def signed_in_as(client):
    """Return the id of the person whose session a client has, or None."""
    user_id = client.session.get("_auth_user_id")
    return int(user_id) if user_id else None


def code_in(mail):
    """Return the code of a mail, which stands alone in its first line."""
    first_line = mail.body.splitlines()[0]
    assert re.fullmatch(r"\d{4}-\d{4}", first_line)
    return first_line
