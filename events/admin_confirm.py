"""Before a changed plan is published: each old date beside what becomes of it, for the editor to say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.locks import ScheduledForPublishLock
from wagtail.models import Page, Revision

from core.date_words import clock_words, date_words
from events.admin_dates import when_words
from events.admin_operations import OfEvent
from events.admin_schedule import ask_about_schedule
from events.domain import confirming
from events.domain.confirming import Changes, Word
from events.domain.occurrences import RowWriter
from events.merge_words import summary_words
from events.models import EventPage, Occurrence, OperationLog
from events.schedule import PlannedDate, slot_text

# So many dates are asked about one by one; of more, the rest follows what is proposed.
MOST_ASKED = 100
# So many new dates before and after the proposed one are offered for an old one.
NEIGHBOURS = 8
CANCEL, WITHDRAW = "cancel", "withdraw"


def summary_of(changes: Changes) -> str:
    """Return what a publication does to dates, in a sentence."""
    plan = changes.plan
    return summary_words(replace(plan.summary, with_registrations=len(changes.registered)))


@dataclass(frozen=True)
class Question:
    """One old date, and what can become of it: choices of values and words, the proposed value."""

    slot: str
    row: Occurrence
    when: str
    has_registrations: bool
    choices: list[tuple[str, str]]
    proposed: str

    @property
    def name(self) -> str:
        """The name of the form's field."""
        return f"date-{self.slot}"


class Questions:
    """All that is asked about one version, in order of time, dates with registrations first."""

    def __init__(self, page: EventPage, changes: Changes, today: date, now: datetime):
        self.changes = changes
        self.word = confirming.proposed(changes)
        self.today = today
        self.writer = RowWriter(page.draft_event(), now)
        planned = [planned for _pk, planned in changes.plan.moved] + changes.plan.new
        self.offered = {slot_text(one.slot): one for one in sorted(planned, key=lambda one: one.slot)}
        slots = sorted(changes.rows, key=lambda slot: (slot not in changes.registered, slot))
        self.asked, self.rest = slots[:MOST_ASKED], slots[MOST_ASKED:]
        taken = {self.word.pairs[slot] for slot in self.rest}
        self.free = [slot for slot in self.offered if slot not in taken]

    def __iter__(self) -> Iterator[Question]:
        for slot in sorted(self.asked):
            row = self.changes.rows[slot]
            target = self.word.pairs[slot]
            leaves = CANCEL if slot in self.word.cancelled else WITHDRAW
            yield Question(
                slot,
                row,
                when_words(row, self.today),
                slot in self.changes.registered,
                self._choices(target or slot),
                target or leaves,
            )

    def _choices(self, near: str) -> list[tuple[str, str]]:
        earlier = [slot for slot in self.free if slot < near][-NEIGHBOURS:]
        later = [slot for slot in self.free if slot >= near][: NEIGHBOURS + 1]
        dates = [(slot, self._words(self.offered[slot])) for slot in earlier + later]
        ends = [
            (CANCEL, _("does not take place: announce it as cancelled")),
            (WITHDRAW, _("was a mistake: take it away without a word")),
        ]
        return [*dates, *ends]

    def _words(self, planned: PlannedDate) -> str:
        return when_words(self.writer.new(planned), self.today)

    def said(self, answers: dict[str, str]) -> Word:
        """Return the editor's word: the answers by slot, the rest as proposed."""
        pairs, cancelled = dict(self.word.pairs), set(self.word.cancelled)
        for slot, answer in answers.items():
            pairs[slot] = None if answer in (CANCEL, WITHDRAW) else answer
            (cancelled.add if answer == CANCEL else cancelled.discard)(slot)
        return Word(pairs, frozenset(cancelled))


class ConfirmForm(forms.Form):
    """A choice for each old date: one of the new ones, or its end."""

    def __init__(self, *args, questions: list[Question], **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = questions
        for one in questions:
            self.fields[one.name] = forms.ChoiceField(
                label=_("What becomes of %(when)s") % {"when": one.when}, choices=one.choices, initial=one.proposed
            )

    def clean(self):
        cleaned = super().clean()
        taken: dict[str, str] = {}
        for one in self.questions:
            answer = cleaned.get(one.name)
            if answer in (None, CANCEL, WITHDRAW):
                continue
            if answer in taken:
                self.add_error(one.name, _("Two dates can't become one. %(when)s does, too.") % {"when": taken[answer]})
            taken.setdefault(answer, one.when)
        return cleaned

    def rows(self):
        """Yield each question with its bound field."""
        for one in self.questions:
            yield one, self[one.name]

    def answers(self) -> dict[str, str]:
        """Return what was chosen, by slot."""
        return {one.slot: self.cleaned_data[one.name] for one in self.questions}


class ConfirmView(OfEvent, FormView):
    """Shows what publishing a version does to dates; keeps what the editor says with it, and publishes."""

    template_name = "events/admin/confirm.html"
    page_title = gettext_lazy("What becomes of the dates")
    form_class = ConfirmForm

    def setup(self, request: HttpRequest, *args, revision: int, **kwargs):
        super().setup(request, *args, **kwargs)
        source = get_object_or_404(Page, pk=self.event.source_page_id)
        self.revision = get_object_or_404(Revision.page_revisions, pk=revision, object_id=str(source.pk))
        self.page = self.revision.as_object()
        self.permissions = source.permissions_for_user(request.user)
        self.is_latest = revision in (source.latest_revision_id, self.event.waiting_revision)

    def dispatch(self, request, *args, **kwargs):
        if not self.permissions.can_edit():
            raise PermissionDenied
        if self.publishes and self._is_locked():
            raise PermissionDenied
        if not self.is_latest:
            messages.error(request, _("The event was changed meanwhile. Look at the newest version and publish that."))
            return redirect(self.edit_url)
        return super(OfEvent, self).dispatch(request, *args, **kwargs)

    def _is_locked(self) -> bool:
        lock = self.page.get_lock()
        return bool(lock and not isinstance(lock, ScheduledForPublishLock) and lock.for_user(self.request.user))

    @property
    def edit_url(self) -> str:
        """The address of the event's form."""
        return reverse("wagtailadmin_pages:edit", args=[self.event.source_page_id])

    @cached_property
    def publishes(self) -> bool:
        """Whether the version is published, not only the word kept until somebody publishes it."""
        return self.permissions.can_publish() and self.request.GET.get("then") != "keep"

    @cached_property
    def changes(self) -> Changes | None:
        """What publishing the version would do."""
        found = confirming.changes_of(self.page, now=timezone.now())
        return found if found and found.asks else None

    @cached_property
    def questions(self) -> Questions | None:
        """What is asked; None where nothing has to be."""
        return Questions(self.page, self.changes, self.today, timezone.now()) if self.changes else None

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"questions": list(self.questions or ())}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "summary": summary_of(self.changes) if self.changes else "",
            "rest": len(self.questions.rest) if self.questions else 0,
            "publishes": self.publishes,
            "go_live_at": self._go_live_at(),
            "go_live_words": self._go_live_words(),
            "edit_url": self.edit_url,
        }

    def _go_live_words(self) -> str:
        moment = self._go_live_at()
        if moment is None:
            return ""
        local = timezone.localtime(moment)
        return f"{date_words(local.date(), today=self.today, capital=False)}, {clock_words(local)}"

    def _go_live_at(self) -> datetime | None:
        moment = self.page.go_live_at
        return moment if moment and moment > timezone.now() else None

    def form_valid(self, form) -> HttpResponse:
        word = self.questions.said(form.answers()) if self.questions else confirming.NOTHING_SAID
        self._keep(word)
        if not self.publishes:
            messages.success(self.request, _("Kept with this version: it can be published as you said."))
            return redirect("events:index")
        self.revision.publish(user=self.request.user)
        self._report(word)
        return self._run_hooks() or redirect(self.home_url())

    def _keep(self, word: Word) -> None:
        """Keep the word with the version itself: nothing else of it changes."""
        self.page.confirmed_dates = confirming.to_keep(self.page, word)
        self.revision.content["confirmed_dates"] = self.page.confirmed_dates
        self.revision.save(update_fields=["content"])
        moved = sum(target is not None for target in word.pairs.values())
        counts = {"moved": moved, "cancelled": len(word.cancelled)}
        counts["withdrawn"] = len(word.pairs) - moved - len(word.cancelled)
        OperationLog.objects.create(event=self.event, action="confirm", details=counts, user=self.request.user)

    def _report(self, word: Word) -> None:
        title = {"title": self.page.title}
        if self._go_live_at():
            messages.success(self.request, _("“%(title)s” is scheduled; its dates follow then, as you said.") % title)
        else:
            messages.success(self.request, _("“%(title)s” is published; its dates follow as you said.") % title)

    def _run_hooks(self) -> HttpResponse | None:
        page = EventPage.objects.get(pk=self.page.pk)
        for name in ("after_publish_page", "after_edit_page"):
            for hook in hooks.get_hooks(name):
                # That was asked before the dates were.
                if hook is not ask_about_schedule and (response := hook(self.request, page)) is not None:
                    return response
        return None


# --- Where editors publish --------------------------------------------------------------------------------------------


def ask_before_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Lead an editor who publishes to the question, if there is one; the draft is saved. For Wagtail's hook."""
    if not isinstance(page, EventPage):
        return None
    now = timezone.now()
    changes = confirming.changes_of(page, now=now)
    if changes is None:
        return None
    if changes.asks and confirming.needs_word(page, now=now):
        ask_about_schedule(request, page)
        return redirect("events:confirm", page.record.pk, page.latest_revision_id)
    if sentence := summary_of(changes):
        messages.info(request, _("Dates: %(summary)s") % {"summary": sentence})
    return None


def ask_before_moderation(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Lead an editor who submits a version, or has approved one that waits, to the question; for Wagtail's hook."""
    if not isinstance(page, EventPage) or not request.accepts("text/html"):
        return None
    submits = "action-submit" in request.POST or "action-restart-workflow" in request.POST
    if not submits and "action-workflow-action" not in request.POST:
        return None
    draft = page.get_latest_revision_as_object()
    if not confirming.needs_word(draft, now=timezone.now()):
        return None
    if submits:
        url = reverse("events:confirm", args=[draft.record.pk, page.latest_revision_id])
        return redirect(f"{url}?then=keep")
    if draft.record.waiting_revision == page.latest_revision_id:
        return redirect("events:confirm", draft.record.pk, page.latest_revision_id)
    return None
