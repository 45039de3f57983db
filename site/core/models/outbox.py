"""The outbox: mail as rows, written in the same transaction as what the mail tells about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    """Where a mail stands; `WAITING` covers both "not tried yet" and "to be tried again"."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    """Questions about many mails."""

    def waiting(self) -> OutboxQuerySet:
        """Return what is still to be sent, now or later."""
        return self.filter(state=DeliveryState.WAITING)

    def failed(self) -> OutboxQuerySet:
        """Return what was given up."""
        return self.filter(state=DeliveryState.FAILED)

    def due(self, now: datetime) -> OutboxQuerySet:
        """Return what may be tried at `now`, the longest waiting first."""
        return self.waiting().filter(next_attempt_at__lte=now).order_by("next_attempt_at", "pk")

    def overdue(self, now: datetime, written_before: datetime) -> OutboxQuerySet:
        """Return what may be tried at `now` but is of no use any more, or was written too long ago."""
        return self.due(now).filter(Q(expires_at__lte=now) | Q(created_at__lte=written_before))

    def forgettable(self, before: datetime) -> OutboxQuerySet:
        """Return what was settled (sent or given up) before a moment and still holds personal data."""
        return self.filter(settled_at__lt=before, erased_at=None)

    def waiting_since(self) -> datetime | None:
        """Return when the oldest mail that still waits was written, or None when nothing waits."""
        found: dict[str, Any] = self.waiting().aggregate(oldest=models.Min("created_at"))
        return found["oldest"]


class OutboxMessage(models.Model):
    """One mail to one recipient.

    A mail to three people is three rows: so that a refusal of one of them, or a retry, never sends twice to another.
    `next_attempt_at` is also the sender's lease: claiming a row moves it into the future, so that a sender that died
    in the middle is followed by another one when that moment comes. `attempts` grows with each claim and tells a late
    sender that the row is no longer its own.
    """

    key = models.CharField(
        _("idempotency key"),
        max_length=200,
        unique=True,
        help_text=_("A second mail with the same key is never written."),
    )
    purpose = models.CharField(_("purpose"), max_length=50, blank=True)
    site = models.ForeignKey(
        "wagtailcore.Site", verbose_name=_("site"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    language = models.CharField(_("language"), max_length=20, blank=True)

    sender = models.CharField(_("sender"), max_length=320)
    recipient = models.CharField(_("recipient"), max_length=320, db_index=True)
    subject = models.TextField(_("subject"), blank=True)
    message_id = models.CharField(_("message ID"), max_length=320, blank=True)
    content = models.BinaryField(_("message"), help_text=_("The whole MIME message, as it is sent."))

    state = models.CharField(_("state"), max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("written at"))
    next_attempt_at = models.DateTimeField(_("next attempt at"))
    expires_at = models.DateTimeField(
        _("of use until"), null=True, blank=True, help_text=_("A code to sign in with is of no use later.")
    )
    settled_at = models.DateTimeField(_("sent or given up at"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("outbox")
        constraints = [
            models.CheckConstraint(
                name="outbox_settled_unless_waiting",
                condition=Q(state=DeliveryState.WAITING, settled_at=None)
                | (~Q(state=DeliveryState.WAITING) & Q(settled_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(name="outbox_due", fields=["next_attempt_at", "id"], condition=Q(state=DeliveryState.WAITING)),
            models.Index(name="outbox_forgettable", fields=["settled_at"], condition=Q(erased_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.subject or self.key} ({self.state})"
