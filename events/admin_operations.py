"""Operations in the admin: an event's dates, calling off, moving, taking back. Each page asks, a POST does."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.models import Page

from core.admin_actions import ActionView, RefusedError, with_post_button
from core.models import User
from events.admin_closed_dates_warnings import warn_of_closed_date
from events.admin_dates import announced, date_rows, log_rows, recent, upcoming, when_words
from events.admin_forms import AdjustForm, MoveForm, ReasonForm
from events.domain import operations
from events.domain.operations import OperationError
from events.enums import EventState
from events.models import Event, EventPage, Occurrence, OperationLog

PAGE_SIZE = 50


def may_operate(user: User, page: Page | None) -> bool:
    """Return whether the user may change and publish the event's source page, and so call its dates off."""
    if page is None:
        return user.is_superuser
    permissions = page.permissions_for_user(user)
    return permissions.can_edit() and permissions.can_publish()


def header_buttons(page: Page, user: User, next_url: str | None = None, view_name: str = "") -> Iterator[Button]:
    """Yield the button that leads from an event's form to its dates."""
    if view_name != "edit" or not isinstance(page, EventPage) or page.record is None:
        return
    if page.record.is_public and may_operate(user, page.record.source_page):
        url = reverse("events:dates", args=[page.record.pk])
        yield Button(_("Dates: cancel, move"), url, icon_name="calendar-alt", priority=5)


def with_undo(sentence: str, event: Event, occurrence: Occurrence | None = None) -> str:
    """Return the sentence with a button that takes back what was just done, and only that."""
    key = occurrence.pk if occurrence else None
    entry = operations.last_operations(event, [key])[key]
    return with_post_button(sentence, _("Undo"), reverse("events:undo", args=[event.pk, entry.pk]))


class OfEvent(WagtailAdminTemplateMixin):
    """What all pages about one event have in common: the event, the right to change it, the way back."""

    header_icon = "calendar-alt"

    def setup(self, request: HttpRequest, *args, pk: int, **kwargs):
        super().setup(request, *args, pk=pk, **kwargs)
        self.event = get_object_or_404(Event.objects.select_related("source_page", "branch"), pk=pk)

    def dispatch(self, request, *args, **kwargs):
        if not may_operate(request.user, self.event.source_page):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def today(self):
        """The local day of the person at the admin."""
        return timezone.localdate()

    def get_page_subtitle(self):
        return self.subject()

    def subject(self) -> str:
        """Return what the page is about: the event, or one of its dates."""
        return str(self.event)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"subject": self.subject()}

    def home_url(self) -> str:
        """Return the address of the event's dates."""
        return reverse("events:dates", args=[self.event.pk])

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("events:index"), "label": gettext_lazy("Events")},
            {"url": self.home_url(), "label": str(self.event)},
            {"url": "", "label": self.get_page_title()},
        ]


class DatesView(OfEvent, TemplateView):
    """The dates of an event, with what can be done to each and to the whole."""

    template_name = "events/admin/dates.html"
    page_title = gettext_lazy("Dates")

    @cached_property
    def header_buttons(self):
        edit = self._edit_url()
        return [HeaderButton(_("Change the plan"), url=edit, icon_name="edit")] if edit else []

    def _edit_url(self) -> str:
        source = self.event.source_page_id
        return reverse("wagtailadmin_pages:edit", args=[source]) if source else ""

    def get_context_data(self, **kwargs):
        now = timezone.now()
        page = Paginator(upcoming(self.event, now), PAGE_SIZE).get_page(self.request.GET.get("p"))
        over = list(recent(self.event, now)[:PAGE_SIZE]) if page.number == 1 else []
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "state": EventState(self.event.state),
            "is_scheduled": self.event.state == EventState.SCHEDULED,
            "page": page,
            "upcoming": date_rows(page.object_list, self.today),
            "recent": date_rows(over, self.today),
            "edit_url": self._edit_url(),
            "log": log_rows(self.event, self.today),
            "index_url": self.home_url(),
        }


# --- The whole event ------------------------------------------------------------------------------------------------


class EventAction(OfEvent, ActionView):
    """Something done to a whole event."""

    undo_after = True

    def done(self) -> str:
        """Return the sentence that says what was done."""
        raise NotImplementedError

    def success(self):
        if not self.undo_after:
            return self.done()
        return with_undo(self.done(), self.event)


class CancelEventView(EventAction):
    """Announces that the event does not take place."""

    form_class = ReasonForm
    page_title = gettext_lazy("Cancel the event")
    submit_label = gettext_lazy("Cancel the event")
    is_serious = True

    def explanation(self):
        return [
            _("All dates that have not begun are announced as cancelled, at once and in every language."),
            _("They stay visible with the reason, on the site and in the calendars of subscribers."),
        ]

    def perform(self, form):
        operations.cancel_event(self.event, reason=form.cleaned_data["reason"], user=self.request.user)

    def done(self):
        return _("“%(event)s” is cancelled.") % {"event": self.event}


class PostponeEventView(EventAction):
    """Announces that the event will get other dates."""

    form_class = ReasonForm
    page_title = gettext_lazy("Postpone the event")
    submit_label = gettext_lazy("Postpone the event")

    def explanation(self):
        return [
            _("All dates that have not begun are called off; readers see that other dates will be announced."),
            _("Once they are known, change the plan and let the event take place again."),
        ]

    def perform(self, form):
        operations.postpone_event(self.event, reason=form.cleaned_data["reason"], user=self.request.user)

    def done(self):
        return _("“%(event)s” is postponed.") % {"event": self.event}


class RestoreEventView(EventAction):
    """Takes the cancellation or postponement back."""

    asks = False
    undo_after = False

    def perform(self, form):
        operations.restore_event(self.event, user=self.request.user)

    def done(self):
        return _("“%(event)s” takes place again. Dates that were called off one by one stay so.") % {
            "event": self.event
        }


# --- One date -------------------------------------------------------------------------------------------------------


class DateAction(OfEvent, ActionView):
    """Something done to one date."""

    def setup(self, request, *args, uid, **kwargs):
        super().setup(request, *args, uid=uid, **kwargs)
        self.occurrence: Occurrence = get_object_or_404(announced(self.event), uid=uid)

    def subject(self):
        return f"{self.event}, {when_words(self.occurrence, self.today)}"

    def with_undo(self, sentence: str) -> str:
        """Return the sentence with a button that takes back what was just done."""
        return with_undo(sentence, self.event, self.occurrence)

    def perform(self, form):
        try:
            self.occurrence = self.operate(form)
        except OperationError as error:
            raise RefusedError(error.message) from error

    def operate(self, form) -> Occurrence:
        """Do it; return the date as it then stands."""
        raise NotImplementedError


class CancelDateView(DateAction):
    """Announces that one date does not take place."""

    form_class = ReasonForm
    page_title = pgettext_lazy("date", "Cancel this date")
    submit_label = pgettext_lazy("date", "Cancel this date")
    is_serious = True

    def explanation(self):
        return [
            _("This date is announced as cancelled, at once and in every language. All others stay."),
            _("It stays visible with the reason, on the site and in the calendars of subscribers."),
        ]

    def operate(self, form):
        reason = form.cleaned_data["reason"]
        return operations.cancel_occurrence(self.occurrence, reason=reason, user=self.request.user)

    def success(self):
        when = when_words(self.occurrence, self.today)
        return self.with_undo(_("Cancelled: %(when)s.") % {"when": when})


class MoveDateView(DateAction):
    """Gives one date another time or branch, and warns where the branch is closed then."""

    form_class = MoveForm
    page_title = pgettext_lazy("date", "Move this date")
    submit_label = pgettext_lazy("date", "Move this date")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        kwargs.pop("initial", None)
        return kwargs | {"occurrence": self.occurrence}

    def explanation(self):
        return [
            _("Only this date is moved, at once and in every language; the plan of the event stays as it is."),
            _("Times are local ones of the place (%(zone)s).") % {"zone": self.occurrence.zone},
        ]

    def operate(self, form):
        cleaned = form.cleaned_data
        return operations.move_occurrence(
            self.occurrence,
            start=cleaned["start"],
            end=cleaned["end"],
            branch=cleaned["branch"],
            note=cleaned["note"],
            user=self.request.user,
        )

    def success(self):
        warn_of_closed_date(self.request, self.occurrence)
        when = when_words(self.occurrence, self.today)
        return self.with_undo(_("The date is now held at another time or place: %(when)s.") % {"when": when})


class AdjustDateView(DateAction):
    """Gives one date another room, other seats or a note; its time stays."""

    form_class = AdjustForm
    page_title = pgettext_lazy("date", "Room, seats, note")
    submit_label = gettext_lazy("Save for this date")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        kwargs.pop("initial", None)
        return kwargs | {"occurrence": self.occurrence}

    def explanation(self):
        return [_("Only this date is changed, at once and in every language; the plan of the event stays as it is.")]

    def operate(self, form):
        return operations.adjust_occurrence(self.occurrence, **form.cleaned_data, user=self.request.user)

    def success(self):
        when = when_words(self.occurrence, self.today)
        return self.with_undo(_("Changed: %(when)s.") % {"when": when})


class RestoreDateView(DateAction):
    """Puts one date back to the plan."""

    asks = False

    def operate(self, form):
        return operations.restore_occurrence(self.occurrence, user=self.request.user)

    def success(self):
        return _("As planned again: %(when)s.") % {"when": when_words(self.occurrence, self.today)}


class UndoView(OfEvent, ActionView):
    """Takes back one operation, the last one on its date or on the event."""

    asks = False

    def setup(self, request, *args, entry, **kwargs):
        super().setup(request, *args, entry=entry, **kwargs)
        found = OperationLog.objects.select_related("occurrence")
        self.entry = get_object_or_404(found, event=self.event, pk=entry)

    def perform(self, form):
        try:
            self.occurrence = operations.undo(self.entry, user=self.request.user)
        except OperationError as error:
            raise RefusedError(error.message) from error

    def success(self):
        if self.occurrence is None:
            return _("Taken back: the event stands as it did before.")
        return _("Taken back: %(when)s.") % {"when": when_words(self.occurrence, self.today)}


def urlpatterns() -> list:
    """Return the addresses of all operations, below those of the list of events."""
    return [
        path("<int:pk>/dates/", DatesView.as_view(), name="dates"),
        path("<int:pk>/cancel/", CancelEventView.as_view(), name="cancel"),
        path("<int:pk>/postpone/", PostponeEventView.as_view(), name="postpone"),
        path("<int:pk>/restore/", RestoreEventView.as_view(), name="restore"),
        path("<int:pk>/dates/<uuid:uid>/cancel/", CancelDateView.as_view(), name="cancel_date"),
        path("<int:pk>/dates/<uuid:uid>/move/", MoveDateView.as_view(), name="move_date"),
        path("<int:pk>/undo/<int:entry>/", UndoView.as_view(), name="undo"),
        path("<int:pk>/dates/<uuid:uid>/adjust/", AdjustDateView.as_view(), name="adjust_date"),
        path("<int:pk>/dates/<uuid:uid>/restore/", RestoreDateView.as_view(), name="restore_date"),
    ]
