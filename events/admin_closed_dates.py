"""Dates on closed days in the admin: a list of them, settled with one submission that can be taken back."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from branches.admin_closing import may_close
from branches.admin_listing import branch_choices, branch_titles
from branches.models import Branch
from core.admin_actions import with_post_button
from core.labels import label_in
from events.admin_closed_dates_forms import CHOICES, DateForm, EventForm, Group
from events.admin_closed_dates_warnings import list_url
from events.admin_closed_dates_words import event_titles, reason_words, who_can
from events.admin_dates import when_words
from events.admin_operations import may_operate
from events.domain.closed_dates import TouchedDate, settle_dates, touched_dates, unsettle_dates
from events.domain.operations import OperationError
from events.models import Event

UNDO_KEY = "settled_dates"


@dataclass(frozen=True)
class OthersDate:
    """A touched date about which somebody else decides."""

    event: Event
    title: str
    when: str
    why: str
    who: str


class ClosedDaysView(WagtailAdminTemplateMixin, TemplateView):
    """Lists the dates on closed days and settles them with one submission."""

    template_name = "events/admin/closed_days.html"
    page_title = gettext_lazy("Dates on closed days")
    header_icon = "calendar-alt"

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("events:index"), "label": gettext_lazy("Events")},
            {"url": "", "label": self.get_page_title()},
        ]

    @cached_property
    def asked(self) -> Branch | None:
        """The branch to which the list is narrowed."""
        return Branch.objects.filter(key=self.request.GET.get("branch", "")[:80].replace("\0", "")).first()

    def touched(self) -> list[TouchedDate]:
        """Return the touched dates of which the user may know."""
        branches = [self.asked] if self.asked else Branch.objects.public().select_related("source_page")
        now = timezone.now()
        found = []
        for branch in branches:
            closes = may_close(self.request.user, branch.source_page)
            found += [
                one
                for one in touched_dates(branch, now=now)
                if closes or may_operate(self.request.user, one.row.event.source_page)
            ]
        return found

    def build(self, data=None) -> None:
        """Sort the dates by events, with a form for each, and those of others apart."""
        choices = branch_choices()
        self.groups: dict[int, Group] = {}
        self.others: list[OthersDate] = []
        today = timezone.localdate()
        touched = self.touched()
        titles = event_titles(one.row for one in touched)
        for one in touched:
            event, when = one.row.event, when_words(one.row, today)
            if not may_operate(self.request.user, event.source_page):
                self.others.append(OthersDate(event, titles[event.pk], when, reason_words(one.closed), who_can(event)))
                continue
            if event.pk not in self.groups:
                form = EventForm(data, prefix=f"e{event.pk}", initial={"reason": one.closed.reason})
                self.groups[event.pk] = Group(event, titles[event.pk], form)
            form = DateForm(data, touched=one, branches=choices)
            form.when, form.why = when, reason_words(one.closed)
            self.groups[event.pk].dates.append(form)
        for group in self.groups.values():
            if len(group.dates) > 1:
                for form in group.dates:
                    form.fields["choice"].choices = [("", _("as chosen for all dates")), *CHOICES[1:]]
        rows = [form for group in self.groups.values() for form in group.dates]
        names = branch_titles({form.touched.branch for form in rows})
        for form in rows:
            form.where = ", ".join(filter(None, [names[form.touched.branch.pk], label_in(group_room(form))]))

    def get(self, request, *args, **kwargs):
        self.build()
        return super().get(request, *args, **kwargs)

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.build(request.POST)
        wrong = [group for group in self.groups.values() if not group.is_valid]
        if wrong:
            messages.error(request, _("Something is not right yet; nothing was changed. See below."))
            return self.render_to_response(self.get_context_data())
        branches = {branch.key: branch for branch in Branch.objects.all()}
        decisions = [one for group in self.groups.values() for one in group.decisions(branches)]
        try:
            with transaction.atomic():
                done, before = settle_dates(decisions, user=request.user)
        except OperationError as error:
            messages.error(request, error.message)
            return self.render_to_response(self.get_context_data())
        self.report(done, before)
        return redirect(list_url(self.asked))

    def report(self, done: dict[str, int], before: list) -> None:
        """Say what was done, with a button that takes it back."""
        if not before:
            messages.info(self.request, _("Nothing was chosen, nothing was changed."))
            return
        self.request.session[UNDO_KEY] = before
        sentence = _("Cancelled: %(cancel)s. Moved: %(move)s. Kept: %(keep)s.") % done
        messages.success(self.request, with_post_button(sentence, _("Undo"), reverse("events:closed_days_undo")))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "groups": list(self.groups.values()),
            "others": self.others,
            "branch": self.asked,
            "branch_title": branch_titles([self.asked])[self.asked.pk] if self.asked else "",
            "all_url": list_url(),
        }


def group_room(form: DateForm):
    """Return the room of a date, where it is the event's own."""
    row = form.touched.row
    return row.event.room if row.is_where_usual else {}


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what the last submission settled."""
    before = request.session.pop(UNDO_KEY, [])
    number = unsettle_dates(before, may=lambda event: may_operate(request.user, event.source_page), user=request.user)
    if number:
        text = ngettext("%(number)s date is as it was.", "%(number)s dates are as they were.", number)
        messages.success(request, text % {"number": number})
    else:
        messages.error(request, _("There is nothing to take back."))
    return redirect(list_url())


def urlpatterns() -> list:
    """Return the addresses of this module."""
    return [
        path("closed-days/", ClosedDaysView.as_view(), name="closed_days"),
        path("closed-days/undo/", undo, name="closed_days_undo"),
    ]
