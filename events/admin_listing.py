"""The list of events in the admin: what is next, where, in which state and in which languages."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from django.db.models import Case, DateTimeField, F, OuterRef, Subquery, When
from django.db.models.functions import Cast, Coalesce
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button, HeaderButton

from branches.admin_listing import branch_choices, branch_titles
from branches.models import Branch
from core.admin_listing import ThingFilterSet, ThingIndexView, ThingViewSet, narrowed
from core.admin_places import AddThingView, admin_language, places_for
from core.date_words import date_words, when_pieces
from core.labels import label_in
from events import admin_attendance as attendance
from events import admin_calendar as calendar
from events import admin_close_today as close_today
from events import admin_closed_dates as closed_dates
from events import admin_copying as copying
from events import admin_operations as operations
from events import admin_plan
from events.admin_afterwards import afterwards_buttons
from events.admin_confirm import ConfirmView
from events.enums import EventState, OccurrenceState
from events.models import Event, EventPage, Occurrence


def announced_dates():
    """Return the dates that readers are told of, cancelled ones among them."""
    return Occurrence.objects.exclude(state=OccurrenceState.WITHDRAWN)


class EventFilterSet(ThingFilterSet):
    """Narrows the events also by branch, by whether anything is still to come, and by what was called off."""

    branch = ChoiceFilter(label=_("Branch"), choices=branch_choices, method="by_branch", empty_label=_("Any"))
    dates = ChoiceFilter(
        label=_("Dates"),
        choices=[("upcoming", _("still to come")), ("past", _("over"))],
        method="by_dates",
        empty_label=_("Any"),
    )
    state = ChoiceFilter(label=_("Takes place"), choices=EventState.choices, method="by_state", empty_label=_("Any"))

    def by_branch(self, pages, _name, value):
        """Keep the events of a branch, by its public key; of unpublished ones the draft says which."""
        return narrowed(pages, EventPage.objects.filter(branch__key=value))

    def by_dates(self, pages, _name, value):
        """Keep the events that still have dates, or those that have none any more."""
        keys = announced_dates().filter(ends_at__gt=timezone.now()).values("event__translation_key")
        coming = EventPage.objects.filter(translation_key__in=keys)
        over = EventPage.objects.exclude(translation_key__in=keys).filter(
            translation_key__in=Event.objects.filter(occurrences__isnull=False).values("translation_key")
        )
        return narrowed(pages, coming if value == "upcoming" else over)

    def by_state(self, pages, _name, value):
        """Keep the events in a state."""
        keys = Event.objects.filter(state=value).values("translation_key")
        return narrowed(pages, EventPage.objects.filter(translation_key__in=keys))


class EventIndexView(ThingIndexView):
    """The events that the user may edit: the next ones first, those that are over behind them."""

    @cached_property
    def header_buttons(self):
        calendar_button = HeaderButton(_("Calendar"), url=reverse("events:calendar"), icon_name="calendar")
        return [*super().header_buttons, calendar_button]

    base_filterset_class = filterset_class = EventFilterSet
    default_ordering = "when"

    @cached_property
    def header_more_buttons(self):
        closed = Button(gettext("Dates on closed days"), reverse("events:closed_days"), icon_name="lock", priority=50)
        plan = Button(gettext("Plan from a spreadsheet, plan as XLSX"), reverse("events:plan"), icon_name="table")
        return [*super().header_more_buttons, closed, plan]

    def own_columns(self):
        return [
            Column("listing_when", label=_("When"), sort_key="when"),
            Column("listing_place", label=_("Branch")),
        ]

    def order_queryset(self, queryset):
        if self.is_searching or self.ordering not in ("when", "-when"):
            return super().order_queryset(queryset)
        # What isn't published yet stands at the day for which it is planned.
        dates = announced_dates().filter(event__translation_key=OuterRef("translation_key"), ends_at__gt=timezone.now())
        following = Subquery(dates.order_by("starts_at").values("starts_at")[:1])
        planned = Case(When(live=False, starts_on__gte=timezone.localdate(), then=Cast("starts_on", DateTimeField())))
        next_start = F("next_start").asc(nulls_last=True)
        if self.ordering == "-when":
            next_start = F("next_start").desc(nulls_first=True)
        return queryset.annotate(next_start=Coalesce(following, planned)).order_by(next_start, "-starts_on", "-pk")

    def records(self, pages):
        rows = announced_dates().filter(event=OuterRef("pk"))
        following = rows.filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk")
        return (
            super()
            .records(pages)
            .select_related("site", "branch", "source_page")
            .annotate(
                next_id=Subquery(following.values("pk")[:1]),
                last_start=Subquery(rows.order_by("-starts_at").values("local_start")[:1]),
            )
        )

    def describe(self, pages):
        records = [page.record for page in pages if page.record]
        dates = Occurrence.objects.in_bulk([record.next_id for record in records if record.next_id])
        titles = branch_titles(_branches(pages, dates.values()))
        afterwards = afterwards_buttons([record for record in records if not record.next_id], self.request.user)
        for page in pages:
            date = dates.get(page.record.next_id) if page.record else None
            branch_id = date.branch_id if date else page.branch_id
            page.listing_when = _when(page, date)
            if page.record:
                page.listing_buttons += afterwards.get(page.record.pk, [])
            page.listing_place = titles.get(branch_id) or label_in(date.place if date else page.place)

    def status(self, page):
        if page.is_template:
            return {"text": gettext("template"), "primary": ""}
        if page.record and page.record.waiting_revision and page.record.waiting_revision == page.latest_revision_id:
            return {"text": gettext("waits: confirm its dates"), "primary": ""}
        state = page.record.state if page.record else EventState.SCHEDULED
        if state == EventState.SCHEDULED:
            return super().status(page)
        return {"text": str(EventState(state).label), "primary": ""}

    def buttons(self, page):
        dates = []
        if page.record is not None and page.record.is_public:
            dates = [{"label": gettext("Dates"), "url": reverse("events:dates", args=[page.record.pk])}]
        copy = [{"label": gettext("Copy"), "url": reverse("events:copy", args=[page.pk])}] if page.is_source else []
        return [*dates, *copy, *super().buttons(page)]


def _branches(pages: Iterable[EventPage], dates: Iterable[Occurrence]) -> list[Branch]:
    ids = {page.branch_id for page in pages} | {date.branch_id for date in dates}
    return list(Branch.objects.filter(pk__in=ids - {None}))


def _when(page: EventPage, date: Occurrence | None) -> str:
    today = timezone.localdate()
    if date is not None:
        return "".join(piece.text for piece in when_pieces(date, today=today))
    last = page.record.last_start if page.record else None
    if last is not None:
        return gettext("over, the last one on %(day)s") % {"day": date_words(last.date(), today=today)}
    return date_words(page.starts_on, today=today) if page.starts_on else ""


class AddEventView(AddThingView):
    """Leads to the form of a new event, or lets the author begin with a template."""

    template_name = "events/admin/places.html"

    def is_choice(self):
        return bool(self.templates) or super().is_choice()

    @cached_property
    def templates(self):
        return copying.templates_for(self.request.user)

    def get(self, request, *args, **kwargs):
        # A click on a day of a branch means that branch.
        branch = Branch.objects.filter(key=request.GET.get("branch", "")).first()
        places = places_for(request.user, EventPage, admin_language()) if branch else []
        here = next((page for page in places if page.translation_key == branch.translation_key), None)
        if here is not None and not self.templates:
            return redirect(self.form_url(here))
        return super().get(request, *args, **kwargs)

    def form_url(self, parent):
        asked = {"starts_on": day} if (day := self.request.GET.get("starts_on")) else {}
        return f"{super().form_url(parent)}{'&' if asked else ''}{urlencode(asked)}"

    def get_context_data(self, **kwargs):
        day = self.request.GET.get("starts_on")
        query = f"?{urlencode({'first': day})}" if day else ""
        offered = [(page.title, reverse("events:copy", args=[page.pk]) + query) for page in self.templates]
        return super().get_context_data(**kwargs) | {"templates": offered}


class EventViewSet(ThingViewSet):
    """Events as an item of the main menu, with what can be done to them."""

    add_view_class = AddEventView

    model = EventPage
    name = "events"
    icon = "calendar-alt"
    menu_label = pgettext_lazy("admin menu", "Events")
    menu_order = 110
    index_view_class = EventIndexView

    def get_urlpatterns(self):
        confirm = path("<int:pk>/confirm/<int:revision>/", ConfirmView.as_view(), name="confirm")
        return [
            *super().get_urlpatterns(),
            *close_today.urlpatterns(),
            *closed_dates.urlpatterns(),
            *operations.urlpatterns(),
            *attendance.urlpatterns(),
            *copying.urlpatterns(),
            *calendar.urlpatterns(),
            *admin_plan.urlpatterns(),
            confirm,
        ]
