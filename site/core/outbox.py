"""The outbox: mail is written into the database with what it tells about, and sent by the worker.

Delivery is "at least once". A mail is claimed before and marked after it was handed over; a sender that dies between
handing over and marking leaves a mail that is sent again when its lease lapses. The stored bytes, with their
Message-ID, are the same each time, so that mail programs and servers can drop the double.
"""

import contextlib
import email
import logging
import smtplib
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Site

from core.models import OutboxMessage
from core.models.outbox import DeliveryState, OutboxQuerySet

log = logging.getLogger(__name__)

# What an administrator sends to see whether mail leaves.
TEST_PURPOSE = "test"
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=4)
# Longer than one mail can take even with a server that answers each command at the last moment.
LEASE = timedelta(minutes=10)
# A batch ends early when it took so long, so that its leases hold and its job reports.
BATCH_SECONDS = 60.0


# --- Writing ----------------------------------------------------------------------------------------------------------


class OutboxBackend(BaseEmailBackend):
    """Django's mail backend of the site: all that is sent becomes rows in the current transaction."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(self._write(message) for message in email_messages)

    def _write(self, message: EmailMessage) -> bool:
        try:
            with transaction.atomic():
                return bool(enqueue(message, expires_at=getattr(message, "expires_at", None)))
        except Exception:
            if not self.fail_silently:
                raise
            log.exception("A mail could not be written into the outbox.")
            return False


def enqueue(
    message: EmailMessage,
    *,
    key: str | None = None,
    purpose: str = "",
    site: Site | None = None,
    expires_at: datetime | None = None,
) -> list[OutboxMessage]:
    """Write a mail into the outbox, one row per recipient; it is sent if the current transaction commits.

    After `expires_at` it is given up: what it says is of no use then.

    `key` (at most 190 characters, nothing personal in it: it is kept for good) makes writing idempotent: where a mail
    with that key was written before, nothing is added and its first row is returned.

    Raises `BadHeaderError` for a line break in a header.
    """
    recipients = list(dict.fromkeys(parseaddr(address)[1] or address for address in message.recipients()))
    keys = _row_keys(key or f"mail:{uuid.uuid4().hex}", len(recipients))
    if key and (written := list(OutboxMessage.objects.filter(key=key))):
        return written
    shared = _shared_fields(message) | {"purpose": purpose, "site": site, "expires_at": expires_at}
    rows = [
        OutboxMessage(key=row_key, recipient=recipient, **shared)
        for row_key, recipient in zip(keys, recipients, strict=True)
    ]
    OutboxMessage.objects.bulk_create(rows, ignore_conflicts=key is not None)
    return list(OutboxMessage.objects.filter(key__in=keys).order_by("pk")) if key else rows


def _shared_fields(message: EmailMessage) -> dict[str, Any]:
    mime: Any = message.message()
    now = timezone.now()
    return {
        "language": get_language() or "",
        "sender": message.from_email,
        "subject": str(message.subject),
        "message_id": mime["Message-ID"],
        "content": mime.as_bytes(linesep="\r\n"),
        "created_at": now,
        "next_attempt_at": now,
    }


def _row_keys(key: str, count: int) -> list[str]:
    return [key, *(f"{key}/{number}" for number in range(2, count + 1))][:count]


# --- Sending ----------------------------------------------------------------------------------------------------------


@dataclass
class SendingReport:
    """What one run of the sender did; `trouble` is why it stopped before the end, where it did."""

    sent: int = 0
    put_off: int = 0
    given_up: int = 0
    trouble: str = ""

    def __str__(self) -> str:
        return _("Sent: %(sent)d, put off: %(put_off)d, given up: %(given_up)d.") % {
            "sent": self.sent,
            "put_off": self.put_off,
            "given_up": self.given_up,
        }


class StoredMail(EmailMessage):
    """A mail from the outbox as Django's backends want it; its MIME form is the stored one, byte by byte."""

    def __init__(self, row: OutboxMessage) -> None:
        self._mime = email.message_from_bytes(bytes(row.content), _class=_StoredMime)
        self._mime.content = bytes(row.content)
        super().__init__(row.subject, _text_of(self._mime), row.sender, [row.recipient])

    def message(self, **_options: object) -> Message:  # type: ignore[override]
        return self._mime


class _StoredMime(Message):
    content = b""

    def as_bytes(self, unixfrom: bool = False, policy: object = None, linesep: str = "\n") -> bytes:
        return self.content if linesep == "\r\n" else self.content.replace(b"\r\n", linesep.encode())


def _text_of(mime: Message) -> str:
    for part in mime.walk():
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            return bytes(payload).decode(part.get_content_charset("utf-8"), "replace")
    return ""


def send_due(now: datetime, limit: int = 100) -> SendingReport:
    """Send what is due, one mail at a time; a bad one is put off or given up and stops no other.

    Any number of senders may run at once: each mail is claimed by one conditional UPDATE. A mail server that can't be
    reached costs no mail an attempt: the run ends and says so. Must not run inside of a transaction.
    """
    report = SendingReport(given_up=give_up_overdue(now))
    due = list(OutboxMessage.objects.due(now).values_list("pk", flat=True)[:limit])
    if not due:
        return report
    ends_at = time.monotonic() + BATCH_SECONDS
    connection = get_connection(settings.SMTP_BACKEND)
    for pk in due:
        if time.monotonic() > ends_at or not _opened(connection, report):
            break
        row = _claimed(pk, now)
        if row is not None:
            _deliver(row, connection, now, report)
    _close(connection)
    return report


def give_up_overdue(now: datetime) -> int:
    """Give up what is of no use any more, and what has waited `OUTBOX_WAIT_DAYS` for a mail server; return how many."""
    written_before = now - timedelta(days=settings.OUTBOX_WAIT_DAYS)
    overdue = OutboxMessage.objects.overdue(now, written_before)
    return overdue.update(state=DeliveryState.FAILED, settled_at=now, last_error=_("It could not be sent in time."))


def _opened(connection: BaseEmailBackend, report: SendingReport) -> bool:
    try:
        connection.open()
    except Exception as error:  # backends other than SMTP have errors of their own
        report.trouble = _described(error)
        log.warning("The mail server can't be reached: %s", report.trouble)
        return False
    return True


def _close(connection: BaseEmailBackend) -> None:
    with contextlib.suppress(Exception):  # a connection that can't be closed is closed already
        connection.close()


def _claimed(pk: int, now: datetime) -> OutboxMessage | None:
    """Take a mail for a while; None if another sender was faster."""
    with transaction.atomic(durable=True):
        taken = (
            OutboxMessage.objects.due(now).filter(pk=pk).update(next_attempt_at=now + LEASE, attempts=F("attempts") + 1)
        )
    return OutboxMessage.objects.get(pk=pk) if taken else None


def _deliver(row: OutboxMessage, connection: BaseEmailBackend, now: datetime, report: SendingReport) -> None:
    try:
        connection.send_messages([StoredMail(row)])
    except Exception as error:  # whatever is wrong with one mail must not stop the next
        _close(connection)
        _put_off_or_give_up(row, error, now, report)
    else:
        _mark(row, state=DeliveryState.SENT, settled_at=now, last_error="")
        report.sent += 1


def _put_off_or_give_up(row: OutboxMessage, error: Exception, now: datetime, report: SendingReport) -> None:
    described = _described(error)
    if is_final(error) or row.attempts >= settings.OUTBOX_MAX_ATTEMPTS:
        log.error("Mail %s is given up after %d attempts: %s", row.key, row.attempts, described)
        _mark(row, state=DeliveryState.FAILED, settled_at=now, last_error=described)
        report.given_up += 1
    else:
        _mark(row, next_attempt_at=now + delay_after(row.attempts), last_error=described)
        report.put_off += 1


def _mark(row: OutboxMessage, **changes: object) -> None:
    """Write the outcome, unless the lease has lapsed and another sender has taken the mail since."""
    OutboxMessage.objects.waiting().filter(pk=row.pk, attempts=row.attempts).update(**changes)


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def is_final(error: Exception) -> bool:
    """Return whether a mail server refused the recipient or the mail for good (RFC 5321, 4.2.1: a code of 5yz).

    A refused sender or sign-in is the operator's mistake, not the mail's, and is tried again.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(_is_5yz(code) for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and _is_5yz(error.smtp_code)


def _is_5yz(code: int) -> bool:
    return 500 <= code <= 599


def delay_after(attempts: int) -> timedelta:
    """Return how long a mail waits after so many attempts: twice as long each time, so that twenty take two days."""
    return min(FIRST_DELAY * 2 ** min(attempts - 1, 16), LONGEST_DELAY)


# --- Afterwards -------------------------------------------------------------------------------------------------------


def send_again(messages: OutboxQuerySet, now: datetime) -> int:
    """Give failed mails a new start; return how many. What was erased can't be sent again."""
    return (
        messages.failed()
        .filter(erased_at=None)
        .update(state=DeliveryState.WAITING, attempts=0, next_attempt_at=now, settled_at=None)
    )


def try_now(messages: OutboxQuerySet, now: datetime) -> int:
    """Let waiting mails be tried at once; return how many. One that a sender holds at this moment is left to it."""
    held = Q(attempts__gt=0, last_error="", next_attempt_at__gt=now)
    return messages.waiting().exclude(held).update(next_attempt_at=now)


def give_up(messages: OutboxQuerySet, now: datetime) -> int:
    """Give up waiting mails; return how many. They can be sent again as long as they are not erased."""
    reason = _("Given up by an administrator.")
    return messages.waiting().update(state=DeliveryState.FAILED, settled_at=now, last_error=reason)


def send_test(recipient: str, *, site: Site | None = None) -> OutboxMessage:
    """Write a mail that does nothing but arrive."""
    message = EmailMessage(
        subject=_("A test of the library's mail"),
        body=_("This site can send mail. Nothing else is to be done."),
        to=[recipient],
    )
    return enqueue(message, purpose=TEST_PURPOSE, site=site)[0]


def erase_settled(now: datetime) -> int:
    """Erase what is personal in mails sent or given up `OUTBOX_KEEP_DAYS` ago; the rows stay, as counts."""
    before = now - timedelta(days=settings.OUTBOX_KEEP_DAYS)
    return OutboxMessage.objects.forgettable(before).update(
        content=b"", subject="", recipient="", message_id="", last_error="", erased_at=now
    )
