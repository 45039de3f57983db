"""The mail page of the admin: settings in force, what waits, what failed and why, a test; never a body."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.menu import AdminOnlyMenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Site

from core import outbox
from core.admin_actions import ActionView, RefusedError
from core.date_words import clock_words, date_words
from core.mail_words import error_details, error_words
from core.models import Job, OutboxMessage

MOST_ROWS = 50
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@dataclass(frozen=True)
class Row:
    """A mail as the page shows it; `when` is its next attempt, or when it was sent or given up."""

    mail: OutboxMessage
    when: str
    error: str
    details: str


def settings_in_force() -> list[tuple[str, str]]:
    """Return how mail leaves, a name and a value each; the password is not among them."""
    sender = (_("Sender"), settings.DEFAULT_FROM_EMAIL)
    if settings.SMTP_BACKEND != SMTP:
        folder = getattr(settings, "EMAIL_FILE_PATH", "")
        where = _("Into files in %(folder)s; nothing leaves this machine.") % {"folder": folder}
        return [(_("Mails go"), where if folder else settings.SMTP_BACKEND), sender]
    security = _("none")
    if settings.EMAIL_USE_TLS:
        security = "STARTTLS"
    elif settings.EMAIL_USE_SSL:
        security = "TLS"
    return [
        (_("Mail server"), settings.EMAIL_HOST),
        (_("Port"), str(settings.EMAIL_PORT)),
        (_("Security"), security),
        (_("Signs in as"), settings.EMAIL_HOST_USER or _("nobody")),
        sender,
    ]


def _rows(mails) -> list[Row]:
    # The bodies stay in the database.
    return [_row(mail) for mail in mails.defer("content")[:MOST_ROWS]]


def _row(mail: OutboxMessage) -> Row:
    local = timezone.localtime(mail.settled_at or mail.next_attempt_at)
    when = f"{date_words(local.date(), today=timezone.localdate())}, {clock_words(local)}"
    return Row(mail, when, error_words(mail.last_error), error_details(mail.last_error))


class AdministratorsOnly:
    """Keeps everybody else out."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class MailView(AdministratorsOnly, WagtailAdminTemplateMixin, TemplateView):
    """Shows how mail stands."""

    template_name = "core/admin/mail.html"
    page_title = gettext_lazy("Mail")
    header_icon = "mail"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        waiting = OutboxMessage.objects.waiting()
        failed = OutboxMessage.objects.failed().filter(erased_at=None)
        job = Job.objects.filter(name="outbox").first()
        test = OutboxMessage.objects.filter(purpose=outbox.TEST_PURPOSE).defer("content").order_by("-pk").first()
        return super().get_context_data(**kwargs) | {
            "settings_in_force": settings_in_force(),
            "trouble": error_words(job.last_error) if job and job.last_error else "",
            "trouble_details": error_details(job.last_error) if job else "",
            "worker_ran": job.last_finished if job else None,
            "waiting_count": waiting.count(),
            "failed_count": failed.count(),
            "waiting": _rows(waiting.order_by("next_attempt_at", "pk")),
            "failed": _rows(failed.order_by("-settled_at", "-pk")),
            "test": _row(test) if test else None,
            "own_address": self.request.user.email,
        }


class MailAction(AdministratorsOnly, ActionView):
    """What is done on the mail page."""

    header_icon = "mail"

    def home_url(self):
        return reverse("mail")


class SendTestView(MailAction):
    """Writes a test mail to the person who asks for it."""

    asks = False

    def perform(self, form):
        outbox.send_test(self.request.user.email, site=Site.find_for_request(self.request))

    def success(self):
        return _("A test to %(address)s is written. Look again in some seconds to see what became of it.") % {
            "address": self.request.user.email
        }


class OneMailAction(MailAction):
    """What is done to one mail."""

    def setup(self, request: HttpRequest, mail_id: int):
        super().setup(request, mail_id)
        self.mails = OutboxMessage.objects.filter(pk=mail_id)
        self.mail = get_object_or_404(self.mails.defer("content"))

    def get_page_subtitle(self):
        return self.mail.recipient


class TryAgainView(OneMailAction):
    """Lets a mail be tried at once, also one that was given up."""

    page_title = gettext_lazy("Send again")

    def explanation(self):
        return [_("The mail is tried at once, and then again with growing pauses until it is sent or given up.")]

    def perform(self, form):
        now = timezone.now()
        if not outbox.send_again(self.mails, now) and not outbox.try_now(self.mails, now):
            raise RefusedError(_("This mail is sent, erased, or being sent at this moment."))

    def success(self):
        return _("The mail is tried again.")


class GiveUpView(OneMailAction):
    """Gives a waiting mail up."""

    page_title = gettext_lazy("Give up")
    is_serious = True

    def explanation(self):
        return [_("The mail is not sent. As long as it is not erased, it can still be sent again.")]

    def perform(self, form):
        if not outbox.give_up(self.mails, timezone.now()):
            raise RefusedError(_("This mail does not wait any more."))

    def success(self):
        return _("The mail is given up.")


def menu_item() -> AdminOnlyMenuItem:
    """Return the item of the settings menu."""
    return AdminOnlyMenuItem(gettext_lazy("Mail"), reverse("mail"), icon_name="mail", order=110)


urlpatterns = [
    path("mail/", MailView.as_view(), name="mail"),
    path("mail/test/", SendTestView.as_view(), name="mail_test"),
    path("mail/<int:mail_id>/send-again/", TryAgainView.as_view(), name="mail_send_again"),
    path("mail/<int:mail_id>/give-up/", GiveUpView.as_view(), name="mail_give_up"),
]
