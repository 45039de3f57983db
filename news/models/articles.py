"""News: the index and the articles."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left, Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from branches.models import Branch
from core import sharing
from core.blocks import BodyBlock
from core.date_words import date_words
from core.models import Thing, ThingQuerySet, Topic
from core.page_panels import FactsPanel, ShownFactPanel
from core.pages import BasePage, ThingPage, words
from events.models import Event


class ArticleFacts(models.Model):
    """The plan of an article: what is the same in every language."""

    date = models.DateTimeField(_("date"), null=True, blank=True, help_text=_("Empty: when it is first published."))
    pinned = models.BooleanField(_("keep on top"), default=False)
    image = models.ForeignKey(
        "core.LibraryImage",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    related = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("related page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    event = models.ForeignKey(
        Event,
        verbose_name=_("report on the event"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        abstract = True


class ArticleQuerySet(ThingQuerySet):
    """Questions about articles."""

    def of_branch(self, branch: Branch):
        """Keep those that name a branch and those that stand below its page, whatever they name."""
        named = self.model.branches.through.objects.filter(branch=branch)
        places = Page.objects.filter(translation_key=branch.translation_key)
        above = Left("source_page__path", Length("source_page__path") - Page.steplen)
        return self.alias(place=above).filter(
            Q(pk__in=named.values("article")) | Q(place__in=places.values("path")),
        )


class Article(ArticleFacts, Thing):
    """An article, once, whatever its pages say."""

    facts_model = ArticleFacts
    fact_relations = ("topics", "branches")

    topics = models.ManyToManyField(Topic, related_name="articles", editable=False)
    branches = models.ManyToManyField(Branch, related_name="articles", editable=False)
    published_at = models.DateTimeField(null=True, db_index=True, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")


class ArticlePage(ArticleFacts, ThingPage):
    """The words of an article in one language; on the source page also its facts."""

    record_model = Article

    lead = models.TextField(_("lead"), max_length=400)
    image_alt = models.CharField(_("what the picture shows"), max_length=300, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    topics = ParentalManyToManyField(Topic, verbose_name=_("topics"), blank=True)
    branches = ParentalManyToManyField(Branch, verbose_name=_("branches"), blank=True)

    translatable_fields = words("lead", "image_alt", "body")
    content_panels = [
        *ThingPage.content_panels,
        FieldPanel("lead"),
        FieldPanel("body"),
        FactsPanel(
            [
                FieldPanel("topics"),
                FieldPanel("branches"),
                FieldPanel("image"),
                FieldPanel("date"),
                FieldPanel("pinned"),
                PageChooserPanel("related"),
                ShownFactPanel("event"),
            ],
            heading=_("Facts, the same in every language"),
        ),
        FieldPanel("image_alt"),
    ]
    search_fields = [*ThingPage.search_fields, index.SearchField("lead"), index.SearchField("body")]
    parent_page_types = ["news.NewsIndexPage", "branches.BranchPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("article")

    def clean(self):
        super().clean()
        if self.date and self.date > timezone.now():
            raise ValidationError({"date": _("This is in the future: schedule the publication instead.")})
        if self.date and self.date.year < 1000:
            raise ValidationError({"date": _("Give the year with four digits, such as 2027.")})

    def projected(self, record):
        record.published_at = record.date or self.first_published_at
        record.save(update_fields=["published_at"])

    def get_context(self, request, *args, **kwargs):
        from news.listing import article_context

        context = super().get_context(request, *args, **kwargs)
        return context | article_context(self, context["facts"], request)

    def sharing_context(self, request, part):
        from news.listing import article_context

        context = super().sharing_context(request, part)
        return context | article_context(self, context["facts"], request)

    def get_card(self, context, request):
        from news.listing import day_of

        topics = context["topics"]
        return sharing.plain_card(
            self,
            context,
            request,
            spines=getattr(context["facts"], "key", "") or self.slug,
            topic=topics[0].key if topics else "",
            lines=(date_words(day_of(context["published_at"], request)),),
        )


class NewsIndexPage(BasePage):
    """All news of the network; what it shows is a query, not its children."""

    in_every_language = True
    intro = models.TextField(_("introduction"), blank=True)

    translatable_fields = words("intro")
    content_panels = [*BasePage.content_panels, FieldPanel("intro")]
    search_fields = [*BasePage.search_fields, index.SearchField("intro")]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["news.ArticlePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("news")

    def get_context(self, request, *args, **kwargs):
        from news.listing import index_context

        return super().get_context(request, *args, **kwargs) | index_context(request)
