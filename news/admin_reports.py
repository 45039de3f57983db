"""Makes a report from an event that is over: an article that begins with its facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from core.admin_actions import ActionView, RefusedError
from core.models import User
from events.models import Event, EventPage
from news.domain.reports import NotOverError, make_report, past_events, places_of, reports_on
from news.models import Article, ArticlePage


def may_edit(user: User, page: Page | None) -> bool:
    """Return whether the user may edit a page."""
    return page is not None and page.permissions_for_user(user).can_edit()


def report_buttons(events: Sequence[Event], user: User) -> dict[int, dict[str, str]]:
    """Return what leads from past events to their reports, by the event's id: label and url; for a hook of `events`.

    The number of queries does not grow with the events.
    """
    past = past_events(events, timezone.now())
    if not past:
        return {}
    places, reports = places_of(user), reports_on(past)
    editable = page_permission_policy.instances_user_has_any_permission_for(user, {"change"})
    own = set(
        editable.filter(pk__in=[report.source_page_id for report in reports.values()]).values_list("pk", flat=True)
    )
    buttons = {}
    for event in past:
        if report := reports.get(event.pk):
            if report.source_page_id in own:
                buttons[event.pk] = {"label": _("Report"), "url": _edit_url(report.source_page)}
        elif places.for_report_on(event):
            label = _("Make a report from this event")
            buttons[event.pk] = {"label": label, "url": reverse("news:report", args=[event.pk])}
    return buttons


def header_buttons(page: Page, user: User, next_url: str | None = None, view_name: str = "") -> Iterator[Button]:
    """Yield the button in the head of an event's page."""
    if isinstance(page, EventPage) and page.record is not None:
        for button in report_buttons([page.record], user).values():
            yield Button(button["label"], button["url"], icon_name="doc-full-inverse", priority=7)


def _edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


class MakeReportView(ActionView):
    """Says what the report will hold and where it will stand; a POST makes the draft and opens its form."""

    page_title = gettext_lazy("Make a report from this event")
    header_icon = "doc-full-inverse"
    submit_label = gettext_lazy("Make the draft")
    page: ArticlePage | None = None

    def setup(self, request: HttpRequest, *args, pk: int, **kwargs):
        super().setup(request, *args, pk=pk, **kwargs)
        self.event = get_object_or_404(Event.objects.select_related("source_page", "branch"), pk=pk)

    def dispatch(self, request, *args, **kwargs):
        self.parent = places_of(request.user).for_report_on(self.event)
        if self.parent is None or not (self.event.is_public or may_edit(request.user, self.event.source_page)):
            raise PermissionDenied
        report = reports_on([self.event]).get(self.event.pk)
        if report is not None:
            return self.led_to(report)
        if not past_events([self.event], timezone.now()):
            messages.error(request, _("This event is not over yet: there is nothing to report."))
            return redirect(self.back_url())
        return super().dispatch(request, *args, **kwargs)

    def led_to(self, report: Article):
        """Answer with the report that there is; to whom may not edit it, say only that there is one."""
        if may_edit(self.request.user, report.source_page):
            messages.info(self.request, _("There is a report on this event already. Here it is."))
            return redirect(_edit_url(report.source_page))
        messages.error(self.request, _("Somebody else has begun a report on this event already."))
        return redirect(self.back_url())

    def get_page_subtitle(self):
        return str(self.event)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"subject": str(self.event)}

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("events:index"), "label": gettext_lazy("Events")},
            {"url": "", "label": self.get_page_title()},
        ]

    def explanation(self):
        return [
            _("A draft is made in the language in which the event was written. Its place: %(place)s.")
            % {"place": self.parent.get_admin_display_title()},
            _(
                "Its title, date, place, topics and branch are filled in; how many people came and what it was like is "
                "for you to tell."
            ),
            _("Readers don't see the report until it is published; then the page of the event leads to it."),
        ]

    def perform(self, form):
        try:
            self.page = make_report(self.event, parent=self.parent, user=self.request.user)
        except NotOverError:
            raise RefusedError(_("This event is not over yet: there is nothing to report.")) from None

    def success(self):
        return _("This is the draft. Answer what stands in [brackets], add pictures, and publish it.")

    def back_url(self):
        return _edit_url(self.page) if self.page else super().back_url()

    def home_url(self):
        return reverse("events:index")
