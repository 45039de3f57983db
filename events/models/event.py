"""An event: the record, and its pages in each language."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from branches.models import Branch
from core.blocks import BodyBlock
from core.domain.things import copy_facts
from core.fields import ChoiceListField
from core.labels import LabelField
from core.models import Audience, Thing, Topic
from core.page_panels import FactsPanel
from core.pages import ThingPage, words
from core.sites import site_of
from events.admin_afterwards import AfterwardsPanel
from events.admin_waiting import WaitingPanel
from events.blocks import AddedBlock, LeftOutBlock
from events.domain import publishing
from events.enums import MONTHS, EventState, Format, RegistrationMode, Repeat, Weekday, Which
from events.models.occurrence import Occurrence
from events.models.registration_rules import RegistrationRules
from events.page_forms import EventPageForm
from events.schedule import Schedule
from events.schedule_panel import SchedulePanel

# Beside the states of an event, what a draft can be looked at as.
OVER = "over"


class EventFacts(RegistrationRules):
    """The plan of an event: when, where, for whom, at what price."""

    starts_on = models.DateField(_("first day"), null=True, help_text=_("Of a series: its first date."))
    starts_at = models.TimeField(_("starts at"), null=True, blank=True, help_text=_("Empty: all day."))
    ends_at = models.TimeField(
        _("ends at"), null=True, blank=True, help_text=_("Earlier than the start: on the next day.")
    )
    ends_on = models.DateField(_("last day"), null=True, blank=True, help_text=_("Only if it lasts several days."))
    long_run = models.BooleanField(
        _("exhibition or other long run"), default=False, help_text=_("Shown as “on now”, not once a day.")
    )
    repeat = models.CharField(_("repeats"), max_length=20, choices=Repeat.choices, blank=True)
    repeat_every = models.PositiveSmallIntegerField(
        _("every how many"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("2 with “every week” is every second week."),
    )
    repeat_on = ChoiceListField(_("on"), choices=Weekday.choices, help_text=_("Empty: the first day's weekday."))
    repeat_which = ChoiceListField(
        _("which of these weekdays"),
        choices=Which.choices,
        max_length=20,
        help_text=_("Such as the first and the third. Empty: as the first day."),
    )
    repeat_days = models.CharField(
        _("on these days of the month"),
        max_length=120,
        blank=True,
        help_text=_("Numbers with commas, such as 1, 15. −1 is the last day."),
    )
    repeat_months = ChoiceListField(
        _("only in these months"), choices=MONTHS, max_length=40, help_text=_("Empty: in every month.")
    )
    repeat_until = models.DateField(_("until"), null=True, blank=True)
    repeat_count = models.PositiveSmallIntegerField(_("or so many times"), null=True, blank=True)
    skips_days_off = models.BooleanField(
        _("not on days off"),
        default=False,
        help_text=_("Leaves out public holidays and the network's own days off, also those that are entered later."),
    )
    left_out = StreamField(LeftOutBlock(), verbose_name=_("dates left out"), blank=True)
    added = StreamField(AddedBlock(), verbose_name=_("further dates"), blank=True)

    branch = models.ForeignKey(
        Branch,
        verbose_name=_("branch"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty for what is held elsewhere or only online."),
    )
    room = LabelField(_("room"), max_length=80, blank=True)
    place = LabelField(_("place"), max_length=200, blank=True, help_text=_("If not at a branch: name and address."))
    format = models.CharField(_("format"), max_length=10, choices=Format.choices, default=Format.ONSITE)
    online_url = models.URLField(_("address for taking part online"), blank=True)
    held_in = ChoiceListField(_("held in"), choices=settings.LANGUAGES)
    age_from = models.PositiveSmallIntegerField(_("from age"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)
    people = LabelField(
        _("who with"), max_length=200, blank=True, help_text=_("Who leads it, speaks or plays; partners too.")
    )
    bring = LabelField(_("what to bring"), max_length=200, blank=True)
    is_free = models.BooleanField(_("free of charge"), default=True)
    price = LabelField(_("price"), max_length=80, blank=True)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True, help_text=_("Empty: no limit."))
    registration = models.CharField(
        _("registration"), max_length=10, choices=RegistrationMode.choices, default=RegistrationMode.NONE
    )
    registration_url = models.URLField(_("address for registration"), blank=True)
    image = models.ForeignKey(
        "core.LibraryImage",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    is_template = models.BooleanField(
        _("keep as a template"),
        default=False,
        help_text=_("Readers never see a template. Events are made from it by copying it to a date."),
    )

    class Meta:
        abstract = True

    @cached_property
    def schedule(self) -> Schedule:
        """The plan of dates as one value."""
        from events.domain.plan import schedule_of

        return schedule_of(self)

    @property
    def all_day(self) -> bool:
        """Whether the event has days but no times."""
        return self.starts_at is None


class Event(EventFacts, Thing):
    """An event, once, whatever its pages say."""

    facts_model = EventFacts
    fact_relations = ("audiences", "topics")

    audiences = models.ManyToManyField(Audience, related_name="events", editable=False)
    topics = models.ManyToManyField(Topic, related_name="events", editable=False)
    # Operations: in force at once, untouched by whatever is published later.
    state = models.CharField(max_length=10, choices=EventState.choices, default=EventState.SCHEDULED, editable=False)
    state_reason = LabelField(max_length=200, blank=True, editable=False)
    # The filters that all dates share, as last published: what a date leaves, it leaves with a tombstone.
    filters = models.JSONField(default=list, editable=False)
    # Until when the dates of an open-ended rule are expanded; None while the rule has an end of its own.
    expanded_until = models.DateField(null=True, editable=False)
    # Something elsewhere changed what its dates or their texts in feeds say; the worker brings them up to date.
    texts_stale = models.BooleanField(default=False, db_index=True, editable=False)
    # The version whose publication waits until an editor has said what becomes of the dates.
    waiting_revision = models.PositiveBigIntegerField(null=True, editable=False)
    # The dates as a merge has just written them, at hand for the texts that follow in the same transaction; no field.
    merged_rows: list[Occurrence] | None = None

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")


class EventPage(EventFacts, ThingPage):
    """The words of an event in one language; on the source page also its plan."""

    record_model = Event
    base_form_class = EventPageForm
    # Set on a draft whose plan is told to whoever writes it, faults included, and never stored.
    is_only_told = False

    lead = models.TextField(_("in one or two sentences"), blank=True, max_length=400)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    audiences = ParentalManyToManyField(Audience, verbose_name=_("for whom"), blank=True)
    topics = ParentalManyToManyField(Topic, verbose_name=_("topics"), blank=True)
    # What the editor of this version said becomes of the dates that its plan no longer makes.
    confirmed_dates = models.JSONField(default=dict, blank=True, editable=False)

    version_fields = ("confirmed_dates",)
    exclude_fields_in_copy = ["confirmed_dates"]
    translatable_fields = words("lead", "body")
    content_panels = [
        AfterwardsPanel(),
        WaitingPanel(),
        *ThingPage.content_panels,
        FieldPanel("lead"),
        FactsPanel(
            [
                FieldRowPanel([FieldPanel("starts_on"), FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldPanel("branch"),
                FieldPanel("audiences"),
            ],
            heading=_("Facts, the same in every language"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("ends_on"),
                FieldPanel("long_run"),
                FieldRowPanel([FieldPanel("repeat"), FieldPanel("repeat_every")]),
                FieldPanel("repeat_on"),
                FieldPanel("repeat_which"),
                FieldPanel("repeat_days"),
                FieldPanel("repeat_months"),
                FieldRowPanel([FieldPanel("repeat_until"), FieldPanel("repeat_count")]),
                FieldPanel("skips_days_off"),
                FieldPanel("left_out"),
                FieldPanel("added"),
            ],
            heading=_("Several days, several dates"),
            classname="collapsed",
        ),
        SchedulePanel(heading=_("What this makes")),
        MultiFieldPanel(
            [FieldPanel("room"), FieldPanel("place"), FieldPanel("format"), FieldPanel("online_url")],
            heading=_("Room, another place, online"),
            classname="collapsed",
        ),
        MultiFieldPanel(
            [
                FieldPanel("topics"),
                FieldPanel("held_in"),
                FieldRowPanel([FieldPanel("age_from"), FieldPanel("age_to")]),
            ],
            heading=_("Topics, language, age"),
            classname="collapsed",
        ),
        MultiFieldPanel(
            [FieldPanel("people"), FieldPanel("bring")], heading=_("Who with, what to bring"), classname="collapsed"
        ),
        MultiFieldPanel(
            [
                FieldPanel("is_free"),
                FieldPanel("price"),
                FieldPanel("capacity"),
                FieldPanel("registration"),
                FieldPanel("registration_url"),
            ],
            heading=_("Price, seats, registration"),
            classname="collapsed",
        ),
        MultiFieldPanel([FieldPanel("image")], heading=_("Picture"), classname="collapsed"),
        MultiFieldPanel([FieldPanel("body")], heading=_("Text"), classname="collapsed"),
        MultiFieldPanel([FieldPanel("is_template")], heading=_("Template"), classname="collapsed"),
    ]
    search_fields = [*ThingPage.search_fields, index.SearchField("lead"), index.SearchField("body")]
    parent_page_types = ["events.EventIndexPage", "branches.BranchPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("event")

    def clean(self):
        super().clean()
        if self.is_source and not self.is_only_told:
            from events.domain.plan import check_plan

            errors = check_plan(self)
            if errors:
                raise ValidationError(errors)

    def publish(self, revision, *args, **kwargs):
        if revision.as_object().is_template:
            raise ValidationError({"is_template": _("A template is never published. Copy it to a date.")})
        return super().publish(revision, *args, **kwargs)

    def draft_event(self) -> Event:
        """Return an unsaved event with this draft's plan, for a preview."""
        event = Event(site=site_of(self), key=self.slug or "draft")
        copy_facts(self, event)
        return event

    def projected(self, record):
        publishing.plan_published(record, self.confirmed_dates)

    def left_behind(self, record):
        return ["dates"] if publishing.dates_lag_behind(record) else []

    def why_wait(self):
        return publishing.why_wait(self)

    def publication_waits(self, revision):
        publishing.publication_waits(self, revision)

    def words_published(self, record):
        publishing.words_published(record)

    def hidden(self, record):
        publishing.event_hidden(record)

    @property
    def preview_modes(self):
        states = [EventState.CANCELLED, EventState.POSTPONED]
        return [
            *super().preview_modes,
            *((state.value, state.label) for state in states),
            (OVER, pgettext_lazy("event", "over")),
        ]

    def get_context(self, request, *args, **kwargs):
        from events.listing import event_context

        context = super().get_context(request, *args, **kwargs)
        mode = getattr(request, "preview_mode", "")
        if mode in (EventState.CANCELLED, EventState.POSTPONED):
            context["facts"].state = mode
        context |= event_context(self, context["facts"], request)
        return context | {"is_past": True} if mode == OVER else context

    def sharing_context(self, request, part):
        from events.sharing import sharing_context

        return super().sharing_context(request, "") | sharing_context(self, request, part)

    def get_card(self, context, request):
        from events.sharing import card_of

        return card_of(self, context, request)
