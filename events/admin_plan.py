"""The month's plan in the admin: from a spreadsheet into events, and what became of it as a workbook."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from time import monotonic

from django import forms
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permissions import page_permission_policy

from branches.admin_listing import branch_choices, branch_titles
from branches.models import Branch
from core.labels import label_in
from core.models import Audience, Topic
from core.page_words import words_for
from events.domain.plan import schedule_of
from events.enums import EventState, OccurrenceState
from events.models import Event, EventPage, Occurrence
from events.plan_import import sheets
from events.plan_import.carrying_out import Outcome, RowRefusedError, Task, carry_out
from events.plan_import.events import Places, find_existing, settle_fates, term_names
from events.plan_import.rows import COLUMNS, read_rows
from events.plan_import.workbooks import TYPE, workbook
from events.recurrence import RuleError
from events.schedule import ScheduleError, expand

# For so many seconds a request works on a plan; a browser or a proxy would wait longer.
PATIENCE = 5
FATES = {
    "": gettext_lazy("to be mended"),
    "new": pgettext_lazy("row of a plan", "new"),
    "there": gettext_lazy("already there"),
    "differs": gettext_lazy("already there, but different"),
    "twice": gettext_lazy("twice in this plan"),
}


class PlanForm(forms.Form):
    """What is pasted or uploaded, and what shall become of it."""

    plan = forms.CharField(
        required=False,
        strip=False,
        label=gettext_lazy("Rows of the plan"),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=gettext_lazy("Copy the rows in the spreadsheet, headings included, and paste them here."),
    )
    file = forms.FileField(
        required=False, label=gettext_lazy("Or a file"), help_text=gettext_lazy("XLSX or CSV, up to 500 rows.")
    )
    language = forms.ChoiceField(label=gettext_lazy("The plan is written in"))
    publish = forms.ChoiceField(
        label=gettext_lazy("New events become"),
        choices=[("", pgettext_lazy("events", "drafts")), ("yes", pgettext_lazy("events", "published at once"))],
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Published only at branches where you may publish; drafts at the others."),
    )
    update = forms.BooleanField(required=False, label=gettext_lazy("Change what is already there, but different"))
    # What earlier requests have done of the same plan.
    made, published, changed = (
        forms.IntegerField(required=False, min_value=0, max_value=10_000, widget=forms.HiddenInput)
        for _number in range(3)
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        languages = settings.SITE_LANGUAGES
        self.fields["language"].choices = [(code, settings.ALL_LANGUAGES.get(code, code)) for code in languages]


class PlanView(WagtailAdminTemplateMixin, TemplateView):
    """Takes a plan in, shows what would become of each row, and does it once nothing is wrong."""

    template_name = "events/admin/plan.html"
    page_title = gettext_lazy("Plan from a spreadsheet")
    header_icon = "table"

    def dispatch(self, request, *args, **kwargs):
        if not page_permission_policy.user_has_any_permission(request.user, {"add"}):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("events:index"), "label": gettext_lazy("Events")},
            {"url": "", "label": self.get_page_title()},
        ]

    @cached_property
    def header_buttons(self):
        return [HeaderButton(_("Table to fill in"), url=reverse("events:plan_template"), icon_name="download")]

    def get(self, request, *args, **kwargs):
        language = get_language() if get_language() in settings.SITE_LANGUAGES else settings.SITE_LANGUAGES[0]
        return self.answer(PlanForm(initial={"language": language, "publish": ""}))

    def answer(self, form, **shown):
        """Show the form, and below it the rows as they were read."""
        return self.render_to_response(self.get_context_data(form=form, **shown))

    def post(self, request, *args, **kwargs):
        form = PlanForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.answer(form)
        cleaned = form.cleaned_data
        try:
            table = (
                sheets.read_file(cleaned["file"].read(sheets.MAX_BYTES + 1))
                if cleaned["file"]
                else (sheets.read_text(cleaned["plan"]))
            )
        except sheets.SheetError as error:
            form.add_error("file" if cleaned["file"] else "plan", error.message)
            return self.answer(form)
        places = Places.of(request.user, cleaned["language"])
        headings, rows, missing = read_rows(
            table,
            today=timezone.localdate(),
            branches=places.names(),
            audiences=term_names(Audience),
            topics=term_names(Topic),
        )
        if not rows:
            form.add_error("plan", _("There are no rows yet. Paste the plan, or choose a file."))
            return self.answer(form)
        if missing:
            form.add_error("plan", _("Columns are missing: %(names)s.") % {"names": ", ".join(missing)})
        found = find_existing(rows, places)
        settle_fates(rows, found, places)
        is_fine = form.is_valid() and not any(row.errors for row in rows)
        if is_fine and "do" in request.POST and not cleaned["file"]:
            return self.carry_out(form, places, headings, rows, found)
        # What was read out of a file is mended in the field, like what was pasted.
        form.data = form.data.copy()
        form.data["plan"] = sheets.to_text(table)
        return self.answer(form, headings=headings, rows=rows, is_fine=is_fine, fates=_counts(rows))

    def carry_out(self, form, places, headings, rows, found):
        """Do as much as can be waited for; then the rest is asked for again, with what has been done so far."""
        cleaned, deadline = form.cleaned_data, monotonic() + PATIENCE
        outcome = Outcome(*(cleaned[name] or 0 for name in ("made", "published", "changed")))
        task = Task(places, self.request.user, cleaned["publish"] == "yes", cleaned["update"], outcome)
        refused = ""
        try:
            carry_out(rows, found, task, is_over=lambda: monotonic() > deadline)
        except RowRefusedError as error:
            refused = str(error)
        if not refused and not outcome.rest:
            self.tell(outcome)
            return redirect("events:index")
        form.data = form.data.copy()
        form.data["made"], form.data["published"], form.data["changed"] = (
            outcome.events, outcome.published, outcome.updated,
        )  # fmt: skip
        if refused:
            form.add_error("plan", refused)
            if outcome.done:
                self.tell(outcome)
        found = find_existing(rows, places)
        settle_fates(rows, found, places)
        return self.answer(
            form, headings=headings, rows=rows, is_fine=not refused, fates=_counts(rows),
            refused=refused, under_way=None if refused else outcome,
        )  # fmt: skip

    def tell(self, outcome: Outcome) -> None:
        """Say what was done."""
        made = ngettext("%(number)s event was made.", "%(number)s events were made.", outcome.events)
        said = [made % {"number": outcome.events}]
        if outcome.published:
            said.append(_("Published: %(number)s.") % {"number": outcome.published})
        if outcome.updated:
            said.append(_("Changed: %(number)s.") % {"number": outcome.updated})
        messages.success(self.request, " ".join(said))
        if outcome.left:
            left = ", ".join(outcome.left)
            messages.warning(
                self.request, _("Left as they are, because you may not change them: %(titles)s.") % {"titles": left}
            )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs) | {"branches": branch_choices()}
        for row in context.get("rows", ()):
            row.fate_words = str(FATES["" if row.errors else row.fate])
        return context


def _counts(rows) -> list[tuple[str, int]]:
    """Return how many rows there are of each fate."""
    fates = ["" if row.errors else row.fate for row in rows]
    return [(words, fates.count(fate)) for fate, words in FATES.items() if fate in fates]


class PlanTemplateView(View):
    """A workbook to fill in, with the branches and audiences that can be named in it."""

    def get(self, request):
        language = get_language() or ""
        places = Places.of(
            request.user, language if language in settings.SITE_LANGUAGES else settings.SITE_LANGUAGES[0]
        )
        if not places.parents:
            raise PermissionDenied
        titles = sorted(branch_titles(places.branches.values()).values(), key=str.casefold)
        terms = [
            (str(COLUMNS[name]), [str(COLUMNS[name])], [[str(term)] for term in model.objects.filter(retired=False)])
            for name, model in (("audience", Audience), ("topic", Topic))
        ]
        data = workbook(
            [
                (_("Plan"), [str(label) for label in COLUMNS.values()], []),
                (_("Branches"), [str(COLUMNS["branch"])], [[title] for title in titles]),
                *terms,
            ]
        )
        return _download(data, "plan.xlsx")


class PlanExportView(View):
    """The dates of a month that the user may edit, each with what became of it."""

    def get(self, request):
        first, last = _month(request.GET.get("month", ""))
        key = request.GET.get("branch", "")
        branch = Branch.objects.filter(key=key).first() if key and "\0" not in key else None
        if key and branch is None:
            raise BadRequest("no such branch")
        if not page_permission_policy.user_has_any_permission(request.user, {"change"}):
            raise PermissionDenied
        rows = export_rows(request.user, first, last, branch)
        headings = [
            *(str(COLUMNS[name]) for name in ("date", "time", "end", "title", "branch", "audience", "seats")),
            _("State"), _("Reason"), _("Moved from"), _("Note"),
        ]  # fmt: skip
        return _download(workbook([(f"{first:%Y-%m}", headings, rows)]), f"plan-{first:%Y-%m}.xlsx")


def _month(text: str) -> tuple[date, date]:
    try:
        first = datetime.strptime(text, "%Y-%m").date() if text else timezone.localdate().replace(day=1)  # noqa: DTZ007
        return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise BadRequest("no month") from error


def export_rows(user, first: date, last: date, branch: Branch | None) -> list[list[object]]:
    """Return the rows of a month: announced dates, and those of drafts; a fixed number of queries."""
    editable = page_permission_policy.instances_user_has_any_permission_for(user, {"change"}).values("pk")
    events = Event.objects.filter(source_page__in=editable).select_related("branch", "source_page__latest_revision")
    since, until = datetime.combine(first, time.min), datetime.combine(last, time.max)
    shown = Occurrence.objects.announced().filter(
        event__in=events.filter(is_public=True), local_start__range=(since, until)
    )
    gone = Occurrence.objects.announced().filter(
        event__in=events.filter(is_public=True), slot__range=(since, until), moved_start__isnull=False
    )
    dates = (shown | gone).select_related("event").prefetch_related("event__audiences").order_by("local_start", "pk")
    if branch:
        dates = dates.filter(branch=branch) | dates.filter(planned_branch=branch)
    dates = list(dates.distinct())
    names = branch_titles(Branch.objects.all())
    words = words_for([row.event for row in dates], EventPage, language=get_language() or "", hidden=True)
    found = [(row.local_start, _export_row(row, names, words)) for row in dates]
    drafts = [
        event.source_page.latest_revision.as_object()
        for event in events.filter(is_public=False)
        if event.source_page.latest_revision
    ]
    for page in drafts:
        found += _draft_rows(page, since, until, names, branch)
    return [cells for _start, cells in sorted(found, key=lambda item: item[0])]


def _export_row(row: Occurrence, names, words) -> list[object]:
    event = row.event
    if row.state == OccurrenceState.CANCELLED:
        state = EventState.POSTPONED.label if event.state == EventState.POSTPONED else OccurrenceState.CANCELLED.label
    else:
        state = _("moved") if row.is_moved else OccurrenceState.SCHEDULED.label
    moved_from = ""
    if row.is_moved:
        moved_from = f"{row.planned_start:%d.%m.%Y %H:%M} {names.get(row.planned_branch_id, '')}".strip()
    return [
        *_when(row.local_start, row.local_end, row.all_day),
        words[event.pk].title if event.pk in words else event.key,
        names.get(row.branch_id) or label_in(row.place),
        ", ".join(str(term) for term in event.audiences.all()),
        event.capacity,
        str(state),
        label_in(row.reason) or label_in(event.state_reason),
        moved_from,
        label_in(row.note),
    ]


def _draft_rows(page: EventPage, since: datetime, until: datetime, names, branch: Branch | None):
    if page.starts_on is None:
        return
    try:
        planned = expand(schedule_of(page), until=until.date())
    except (ScheduleError, RuleError):
        return
    for date_ in planned:
        if since <= date_.start <= until and (
            branch is None or branch.key == (date_.branch or getattr(page.branch, "key", ""))
        ):
            yield (
                date_.start,
                [
                    *_when(date_.start, date_.end, page.all_day),
                    page.title,
                    names.get(page.branch_id) or label_in(page.place),
                    ", ".join(str(term) for term in page.audiences.all()),
                    page.capacity,
                    _("draft"),
                ],
            )


def _when(start: datetime, end: datetime, all_day: bool) -> list[object]:
    return [start.date(), None if all_day else start.time(), None if all_day or end == start else end.time()]


def _download(data: bytes, name: str) -> HttpResponse:
    return HttpResponse(data, content_type=TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def urlpatterns() -> list:
    """Return the addresses of the plan, below those of the list of events."""
    return [
        path("plan/", PlanView.as_view(), name="plan"),
        path("plan/template.xlsx", PlanTemplateView.as_view(), name="plan_template"),
        path("plan/export.xlsx", PlanExportView.as_view(), name="plan_export"),
    ]
