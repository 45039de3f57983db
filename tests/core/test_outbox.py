"""Mail as rows: written with the transaction, sent in a real SMTP dialogue, never lost, never stopped by a bad one."""

import asyncio
import smtplib
import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.mail import BadHeaderError, EmailMultiAlternatives, send_mail
from django.db import connection, transaction
from django.test import override_settings
from django.utils import translation

from core import outbox
from core.models import OutboxMessage
from core.outbox import OutboxBackend, enqueue, erase_settled, give_up_overdue, send_again, send_due

pytestmark = pytest.mark.services
NOW = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
LIBRARY = "Бібліотека <library@example.org>"


class MailServer:
    """A mail server that takes what it is told to take; what it was sent stands in `received`."""

    def __init__(self) -> None:
        self.replies: dict[str, str] = {}
        self.data_replies: dict[str, str] = {}
        self.slow: set[str] = set()
        self.received: list[tuple[str, list[str], bytes]] = []
        self.tried: list[str] = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        self.tried.append(address)
        if address in self.slow:
            await asyncio.sleep(3)
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        reply = self.data_replies.get(envelope.rcpt_tos[0], "250 OK")
        if reply.startswith("250"):
            self.received.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return reply

    def recipients(self) -> list[str]:
        return [recipient for _sender, recipients, _content in self.received for recipient in recipients]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


@pytest.fixture(autouse=True)
def _settings(settings):
    settings.EMAIL_BACKEND = "core.outbox.OutboxBackend"
    settings.SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # where nobody listens
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 1
    settings.OUTBOX_MAX_ATTEMPTS = 3
    settings.OUTBOX_KEEP_DAYS = 30
    settings.OUTBOX_WAIT_DAYS = 5000


@pytest.fixture
def server(settings, _settings):
    handler = MailServer()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_PORT = controller.port
    yield handler
    controller.stop()


def letter(to: str = "reader@example.org", subject: str = "Ваше місце", **more: object) -> EmailMultiAlternatives:
    return EmailMultiAlternatives(subject, "Чекаємо на вас о 18:00.", LIBRARY, [to], **more)


def waiting(*recipients: str) -> list[OutboxMessage]:
    """Write one mail for each recipient, due in this order."""
    rows = [enqueue(letter(recipient))[0] for recipient in recipients]
    for number, row in enumerate(rows):
        due_at = NOW - timedelta(minutes=len(rows) - number)
        OutboxMessage.objects.filter(pk=row.pk).update(created_at=due_at, next_attempt_at=due_at)
    return rows


def standing(*fields: str) -> list[tuple]:
    return list(OutboxMessage.objects.order_by("pk").values_list("recipient", "state", *fields))


# --- Writing ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_mail_sent_by_django_becomes_a_row():
    with translation.override("uk"):
        assert send_mail("Ваше місце", "О 18:00.", LIBRARY, ["Читач <reader@example.org>"]) == 1
    row = OutboxMessage.objects.get()
    assert (row.recipient, row.sender, row.subject) == ("reader@example.org", LIBRARY, "Ваше місце")
    assert (row.state, row.attempts, row.language, row.settled_at) == ("waiting", 0, "uk", None)
    assert row.message_id.encode() in bytes(row.content)


@pytest.mark.django_db
def test_mail_disappears_with_its_transaction():
    with transaction.atomic():
        send_mail("Ваше місце", "О 18:00.", LIBRARY, ["reader@example.org"])
        transaction.set_rollback(True)
    assert OutboxMessage.objects.count() == 0


@pytest.mark.django_db
def test_mail_to_several_is_one_row_each_without_doubles():
    message = letter("Читач <a@example.org>", cc=["b@example.org"], bcc=["c@example.org", "a@example.org"])
    rows = enqueue(message, key="news:7", purpose="news")
    assert [(row.key, row.recipient, row.purpose) for row in rows] == [
        ("news:7", "a@example.org", "news"),
        ("news:7/2", "b@example.org", "news"),
        ("news:7/3", "c@example.org", "news"),
    ]
    assert len({bytes(row.content) for row in rows}) == 1
    assert b"c@example.org" not in bytes(rows[0].content)


@pytest.mark.django_db
def test_mail_with_a_known_key_is_not_written_again():
    first = enqueue(letter(cc=["b@example.org"]), key="registration:1:confirmed")
    again = enqueue(letter("other@example.org"), key="registration:1:confirmed")
    assert [row.pk for row in again] == [row.pk for row in first][:1]
    assert OutboxMessage.objects.count() == 2


@pytest.mark.django_db
def test_mails_without_a_key_are_all_written():
    enqueue(letter())
    enqueue(letter())
    assert OutboxMessage.objects.count() == 2


@pytest.mark.django_db
def test_mail_to_nobody_is_not_written():
    assert OutboxBackend().send_messages([letter(""), EmailMultiAlternatives("a", "b", LIBRARY, [])]) == 0


@pytest.mark.django_db
def test_line_break_in_a_header_is_refused():
    with pytest.raises(BadHeaderError):
        enqueue(letter(subject="a\nBcc: everybody@example.org"))
    with pytest.raises(BadHeaderError):
        OutboxBackend().send_messages([letter(subject="a\nb")])
    assert OutboxMessage.objects.count() == 0


@pytest.mark.django_db
def test_mail_that_may_fail_silently_harms_nothing(caplog):
    assert OutboxBackend(fail_silently=True).send_messages([letter(subject="a\nb"), letter()]) == 1
    assert "could not be written" in caplog.text


@pytest.mark.django_db
def test_mail_that_may_fail_silently_leaves_no_half(monkeypatch):
    def half(message):
        enqueue(message)
        raise ZeroDivisionError

    monkeypatch.setattr(outbox, "enqueue", half)
    assert OutboxBackend(fail_silently=True).send_messages([letter()]) == 0
    assert OutboxMessage.objects.count() == 0


# --- Sending ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_mail_arrives_byte_by_byte(server):
    message = letter(headers={"List-Unsubscribe": "<https://example.org/x>"})
    message.attach_alternative("<p>Чекаємо</p>", "text/html")
    message.attach("date.ics", b"BEGIN:VCALENDAR\r\n.\r\nEND:VCALENDAR\r\n", "text/calendar")
    (row,) = enqueue(message)
    report = send_due(row.next_attempt_at)
    assert (str(report), report.trouble) == ("Sent: 1, put off: 0, given up: 0.", "")
    assert server.received == [("library@example.org", ["reader@example.org"], bytes(row.content))]
    row.refresh_from_db()
    assert (row.state, row.attempts, row.settled_at) == ("sent", 1, row.created_at)


@pytest.mark.django_db
def test_mail_that_was_sent_is_not_sent_again(server):
    waiting("a@example.org")
    send_due(NOW)
    assert send_due(NOW + timedelta(days=1)).sent == 0
    assert server.recipients() == ["a@example.org"]


@pytest.mark.django_db
def test_mail_is_sent_in_order_and_within_the_limit(server):
    waiting("a@example.org", "b@example.org", "c@example.org")
    assert send_due(NOW, limit=2).sent == 2
    assert server.recipients() == ["a@example.org", "b@example.org"]


@pytest.mark.django_db
def test_mail_that_is_not_due_waits(server):
    waiting("a@example.org")
    assert send_due(NOW - timedelta(hours=1)).sent == 0
    assert server.tried == []


@pytest.mark.django_db
@pytest.mark.parametrize("reply", ["550 no such reader", "553 no such name"])
def test_refused_recipient_is_given_up_at_once_and_stops_no_other(server, reply):
    server.replies["bad@example.org"] = reply
    waiting("bad@example.org", "good@example.org")
    report = send_due(NOW)
    assert (report.sent, report.put_off, report.given_up) == (1, 0, 1)
    assert standing("settled_at") == [("bad@example.org", "failed", NOW), ("good@example.org", "sent", NOW)]
    assert reply.split(" ", 1)[1] in OutboxMessage.objects.get(state="failed").last_error


@pytest.mark.django_db
def test_refused_content_is_given_up_at_once(server):
    server.data_replies["bad@example.org"] = "552 too large"
    waiting("bad@example.org", "good@example.org")
    send_due(NOW)
    assert standing() == [("bad@example.org", "failed"), ("good@example.org", "sent")]


@pytest.mark.django_db
@pytest.mark.parametrize("reply", ["450 greylisted", "451 later", "421 closing"])
def test_recipient_refused_for_now_is_tried_again_and_stops_no_other(server, reply):
    server.replies["later@example.org"] = reply
    waiting("later@example.org", "good@example.org")
    send_due(NOW)
    assert standing("next_attempt_at")[0] == ("later@example.org", "waiting", NOW + timedelta(minutes=1))
    assert standing()[1] == ("good@example.org", "sent")
    del server.replies["later@example.org"]
    send_due(NOW + timedelta(seconds=59))
    assert standing()[0] == ("later@example.org", "waiting")
    send_due(NOW + timedelta(seconds=60))
    assert standing("attempts", "last_error")[0] == ("later@example.org", "sent", 2, "")


@pytest.mark.django_db
def test_content_refused_for_now_is_tried_again_with_the_same_bytes(server):
    server.data_replies["later@example.org"] = "451 later"
    (row,) = waiting("later@example.org")
    send_due(NOW)
    server.data_replies.clear()
    send_due(NOW + timedelta(minutes=1))
    # SMTP ends the last line.
    assert server.received == [("library@example.org", ["later@example.org"], bytes(row.content) + b"\r\n")]


@pytest.mark.django_db
def test_mail_that_makes_the_server_hang_stops_no_other(server):
    server.slow.add("slow@example.org")
    waiting("slow@example.org", "good@example.org")
    report = send_due(NOW)
    assert (report.sent, report.put_off) == (1, 1)
    assert server.recipients() == ["good@example.org"]
    assert "timed out" in OutboxMessage.objects.waiting().get().last_error.lower()


@pytest.mark.django_db
def test_mail_that_can_not_even_be_read_stops_no_other(server, monkeypatch):
    waiting("bad@example.org", "good@example.org")
    text_of = outbox._text_of

    def broken(mime):
        if "bad@" in mime["To"]:
            raise LookupError("unknown encoding")
        return text_of(mime)

    monkeypatch.setattr(outbox, "_text_of", broken)
    send_due(NOW)
    assert standing() == [("bad@example.org", "waiting"), ("good@example.org", "sent")]


@pytest.mark.django_db
def test_mail_is_given_up_after_the_last_attempt(server, settings):
    server.replies["later@example.org"] = "451 later"
    waiting("later@example.org")
    moments = [NOW, NOW + timedelta(minutes=1), NOW + timedelta(minutes=3)]
    assert [(report.put_off, report.given_up) for report in map(send_due, moments)] == [(1, 0), (1, 0), (0, 1)]
    assert standing("attempts", "settled_at") == [("later@example.org", "failed", 3, moments[-1])]


@pytest.mark.django_db
def test_mail_server_that_is_away_costs_no_attempt(caplog):
    waiting("a@example.org", "b@example.org")
    for day in range(5):
        report = send_due(NOW + timedelta(days=day))
        assert (report.sent, report.put_off, report.given_up) == (0, 0, 0)
        assert report.trouble.startswith("ConnectionRefusedError")
    assert standing("attempts") == [("a@example.org", "waiting", 0), ("b@example.org", "waiting", 0)]


@pytest.mark.django_db
def test_mail_server_is_not_asked_when_nothing_is_due():
    assert send_due(NOW).trouble == ""


@pytest.mark.django_db
def test_mail_of_a_sender_that_died_is_sent_again_after_its_lease(server):
    (row,) = waiting("a@example.org")
    assert outbox._claimed(row.pk, NOW).attempts == 1
    assert send_due(NOW + outbox.LEASE - timedelta(seconds=1)).sent == 0
    assert send_due(NOW + outbox.LEASE).sent == 1


@pytest.mark.django_db
def test_sender_whose_lease_has_lapsed_changes_nothing():
    (row,) = waiting("a@example.org")
    late = outbox._claimed(row.pk, NOW)
    other = outbox._claimed(row.pk, NOW + outbox.LEASE)
    outbox._mark(late, state="failed", settled_at=NOW, last_error="late")
    assert standing("attempts", "last_error") == [("a@example.org", "waiting", 2, "")]
    outbox._mark(other, state="sent", settled_at=NOW, last_error="")
    assert standing("attempts") == [("a@example.org", "sent", 2)]


@pytest.mark.django_db(transaction=True)
def test_several_senders_send_each_mail_once(server):
    addresses = [f"reader{number}@example.org" for number in range(30)]
    waiting(*addresses)
    reports, start = [], threading.Barrier(4)

    def sender():
        start.wait()
        try:
            reports.append(send_due(NOW))
        finally:
            connection.close()

    senders = [threading.Thread(target=sender) for _sender in range(4)]
    for thread in senders:
        thread.start()
    for thread in senders:
        thread.join(60)
    assert sorted(server.recipients()) == sorted(addresses)
    assert [sum(report.sent for report in reports), len(reports)] == [30, 4]


@pytest.mark.django_db(transaction=True)
def test_same_key_written_by_two_at_once_is_one_mail():
    start, found = threading.Barrier(2), []

    def writer():
        start.wait()
        try:
            with transaction.atomic():
                found.append(enqueue(letter(), key="reminder:1")[0].pk)
        finally:
            connection.close()

    writers = [threading.Thread(target=writer) for _writer in range(2)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join(60)
    assert [len(found), len(set(found)), OutboxMessage.objects.count()] == [2, 1, 1]


@pytest.mark.django_db
@override_settings(SMTP_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_mail_goes_to_any_backend_of_django():
    message = letter()
    message.attach_alternative("<p>Чекаємо</p>", "text/html")
    enqueue(message)
    send_due(NOW + timedelta(days=3650))
    (sent,) = mail.outbox
    assert (sent.subject, sent.body, sent.to) == ("Ваше місце", "Чекаємо на вас о 18:00.", ["reader@example.org"])
    assert sent.message()["Message-ID"] == OutboxMessage.objects.get().message_id


@pytest.mark.django_db
def test_mail_goes_into_a_file(settings, tmp_path):
    settings.SMTP_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    (row,) = enqueue(letter())
    send_due(row.next_attempt_at)
    (file,) = tmp_path.iterdir()
    assert file.read_bytes().startswith(bytes(row.content).replace(b"\r\n", b"\n"))


# --- What is final, and how long it takes -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b": (550, b"no")}), True),
        (smtplib.SMTPRecipientsRefused({"a@b": (450, b"later")}), False),
        (smtplib.SMTPDataError(554, b"no"), True),
        (smtplib.SMTPDataError(451, b"later"), False),
        (smtplib.SMTPSenderRefused(550, b"who are you", "library@example.org"), False),
        (smtplib.SMTPAuthenticationError(535, b"no"), False),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (TimeoutError(), False),
        (ValueError("anything"), False),
    ],
)
def test_only_a_refused_recipient_or_content_is_final(error, final):
    assert outbox.is_final(error) is final


def test_twenty_attempts_take_two_days():
    delays = [outbox.delay_after(attempts) for attempts in range(1, 20)]
    assert delays[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert delays[-1] == timedelta(hours=4)
    assert timedelta(hours=46) < sum(delays, timedelta()) < timedelta(hours=50)
    assert outbox.delay_after(10**6) == timedelta(hours=4)


# --- Afterwards -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_failed_mail_gets_a_new_start(server):
    server.replies["bad@example.org"] = "550 no such reader"
    waiting("bad@example.org", "good@example.org")
    send_due(NOW)
    server.replies.clear()
    assert send_again(OutboxMessage.objects.all(), NOW) == 1
    assert send_due(NOW).sent == 1
    assert server.recipients() == ["good@example.org", "bad@example.org"]


@pytest.mark.django_db
def test_settled_mail_is_erased_after_its_time(server):
    server.replies["bad@example.org"] = "550 bad@example.org is unknown"
    waiting("bad@example.org", "good@example.org")
    send_due(NOW)
    waiting("late@example.org")
    assert erase_settled(NOW + timedelta(days=30)) == 0
    after = NOW + timedelta(days=30, seconds=1)
    assert (erase_settled(after), erase_settled(after)) == (2, 0)
    assert [bytes(row.content) for row in OutboxMessage.objects.exclude(state="waiting")] == [b"", b""]
    assert standing("subject", "message_id", "last_error", "erased_at")[:2] == [
        ("", "failed", "", "", "", after),
        ("", "sent", "", "", "", after),
    ]
    assert standing()[2] == ("late@example.org", "waiting")
    assert send_again(OutboxMessage.objects.all(), after) == 0


@pytest.mark.django_db
def test_oldest_waiting_mail_says_since_when():
    assert OutboxMessage.objects.waiting_since() is None
    waiting("a@example.org", "b@example.org")
    assert OutboxMessage.objects.waiting_since() == NOW - timedelta(minutes=2)


# --- What comes too late ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_mail_that_waited_too_long_for_a_server_is_given_up(settings):
    settings.OUTBOX_WAIT_DAYS = 5
    [old], [young] = enqueue(letter()), enqueue(letter())
    OutboxMessage.objects.filter(pk=old.pk).update(created_at=NOW - timedelta(days=6), next_attempt_at=NOW)
    OutboxMessage.objects.filter(pk=young.pk).update(created_at=NOW - timedelta(days=4), next_attempt_at=NOW)

    assert give_up_overdue(NOW) == 1

    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.state, old.settled_at, young.state) == ("failed", NOW, "waiting")


@pytest.mark.django_db(transaction=True)
def test_mail_of_no_use_any_more_is_not_sent(server):
    [late] = enqueue(letter(), expires_at=NOW - timedelta(minutes=1))
    OutboxMessage.objects.filter(pk=late.pk).update(next_attempt_at=NOW)

    report = send_due(NOW)

    assert (report.sent, report.given_up) == (0, 1)
    late.refresh_from_db()
    assert late.state == "failed"


@pytest.mark.django_db(transaction=True)
def test_mail_that_is_being_sent_is_not_given_up():
    [row] = enqueue(letter(), expires_at=NOW - timedelta(minutes=1))
    OutboxMessage.objects.filter(pk=row.pk).update(next_attempt_at=NOW + timedelta(minutes=9), attempts=1)

    assert give_up_overdue(NOW) == 0
