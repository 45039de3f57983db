"""The mail page: for administrators alone, without passwords and bodies; mails can be tried again or given up."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import outbox
from core.mail_words import error_details, error_words
from core.models import Job, OutboxMessage
from core.models.outbox import DeliveryState

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def administrator(library, client):
    """Return an administrator's browser."""
    client.force_login(library.administrator())
    return client


def mail(number=1, **fields) -> OutboxMessage:
    now = timezone.now()
    defaults = {
        "key": f"mail {number}",
        "recipient": f"reader{number}@library.example",
        "subject": "A book waits",
        "content": b"body that nobody shows",
        "created_at": now,
        "next_attempt_at": now + HOUR,
    }
    return OutboxMessage.objects.create(**defaults | fields)


def failed(number=1, **fields) -> OutboxMessage:
    settled = {"state": DeliveryState.FAILED, "settled_at": timezone.now(), "attempts": 3}
    return mail(number, **settled | {"last_error": "SMTPRecipientsRefused: no such box"} | fields)


def state_of(row: OutboxMessage) -> tuple[str, int]:
    row.refresh_from_db()
    return row.state, row.attempts


def test_page_shows_what_waits_and_what_failed_and_why(administrator):
    mail(1, last_error="ConnectionRefusedError: [Errno 111] Connection refused", attempts=1)
    failed(2)

    html = administrator.get("/admin/mail/").content.decode()

    for words in (
        "reader1@library.example",
        "The mail server does not answer at this port.",
        "[Errno 111] Connection refused",
        "reader2@library.example",
        "The mail server does not accept the recipient&#x27;s address.",
        "1 mail waits",
        "1 mail failed",
    ):
        assert words in html, words
    assert "body that nobody shows" not in html


@override_settings(
    SMTP_BACKEND="django.core.mail.backends.smtp.EmailBackend",
    EMAIL_HOST="mail.library.example",
    EMAIL_PORT=587,
    EMAIL_USE_TLS=True,
    EMAIL_HOST_USER="site",
    EMAIL_HOST_PASSWORD="hush-hush",
    DEFAULT_FROM_EMAIL="library@library.example",
)
def test_page_shows_the_settings_without_the_password(administrator):
    html = administrator.get("/admin/mail/").content.decode()

    for words in ("mail.library.example", "587", "STARTTLS", "site", "library@library.example"):
        assert f"<dd>{words}</dd>" in html
    assert "hush-hush" not in html


def test_page_says_why_the_worker_could_not_send_at_all(administrator):
    Job.objects.update_or_create(
        name="outbox", defaults={"next_run_at": timezone.now(), "last_error": "gaierror: [Errno -2] Name not known"}
    )

    assert (
        "There is no mail server of this name, or no way to it." in administrator.get("/admin/mail/").content.decode()
    )


def test_page_takes_the_same_number_of_queries_for_any_number_of_mails(administrator):
    def queries() -> int:
        mail(OutboxMessage.objects.count())
        failed(OutboxMessage.objects.count())
        administrator.get("/admin/mail/")
        with CaptureQueriesContext(connection) as captured:
            administrator.get("/admin/mail/")
        return len(captured)

    one, _two, three = queries(), queries(), queries()
    assert one == three <= 20


def test_test_mail_goes_to_whoever_asks_and_the_page_says_what_became_of_it(administrator):
    administrator.post("/admin/mail/test/")
    row = OutboxMessage.objects.get(purpose=outbox.TEST_PURPOSE)
    assert (row.recipient, row.state) == ("admin@library.example", "waiting")
    assert "The last test waits." in administrator.get("/admin/mail/").content.decode()

    OutboxMessage.objects.update(state=DeliveryState.SENT, settled_at=timezone.now())

    assert "has taken the last test" in administrator.get("/admin/mail/").content.decode()


def test_failed_mail_is_sent_again_after_a_question(administrator):
    row = failed()

    question = administrator.get(f"/admin/mail/{row.pk}/send-again/")
    assert (question.status_code, state_of(row)) == (200, ("failed", 3))
    administrator.post(f"/admin/mail/{row.pk}/send-again/")

    assert state_of(row) == ("waiting", 0)


def test_waiting_mail_is_tried_at_once_unless_it_is_being_sent(administrator):
    put_off = mail(1, attempts=2, last_error="TimeoutError: timed out")
    held = mail(2, attempts=1)

    for row in (put_off, held):
        administrator.post(f"/admin/mail/{row.pk}/send-again/")

    now = timezone.now()
    assert list(OutboxMessage.objects.due(now)) == [put_off]


def test_waiting_mail_is_given_up_and_can_be_sent_after_all(administrator):
    row = mail()

    administrator.post(f"/admin/mail/{row.pk}/give-up/")
    assert state_of(row) == ("failed", 0)
    refused = administrator.post(f"/admin/mail/{row.pk}/give-up/")
    assert "does not wait any more" in refused.content.decode()
    administrator.post(f"/admin/mail/{row.pk}/send-again/")

    assert state_of(row) == ("waiting", 0)


def test_erased_mail_is_not_listed_and_can_not_be_sent(administrator):
    row = failed(recipient="", subject="", content=b"", erased_at=timezone.now())

    assert "0 mails failed" in administrator.get("/admin/mail/").content.decode()
    assert "erased" in administrator.post(f"/admin/mail/{row.pk}/send-again/").content.decode()


@pytest.mark.parametrize("address", ["", "test/", "{pk}/send-again/", "{pk}/give-up/"])
def test_editors_have_no_part_in_it(library, client, address):
    library.branch()
    row = mail()
    from branches.domain.rights import ensure_group
    from branches.models import Branch
    from core.models import User

    editor = User.objects.create_user("editor@library.example", "secret")
    editor.groups.add(ensure_group(Branch.objects.get()))
    client.force_login(editor)
    path = f"/admin/mail/{address.format(pk=row.pk)}"

    for response in (client.get(path), client.post(path)):
        assert (response.status_code, response.headers.get("Location")) == (302, "/admin/")
    assert state_of(row) == ("waiting", 0)


def test_unknown_errors_are_shown_as_they_are():
    assert [error_words("KeyError: 'x'"), error_details("KeyError: 'x'"), error_words("")] == [
        "KeyError: 'x'",
        "",
        "Not tried yet.",
    ]
