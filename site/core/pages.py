"""The base of all pages: slugs, fallback to another language, publishing as one transaction, facts of things."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageViewRestriction, Revision
from wagtail.url_routing import RouteResult
from wagtail_localize.fields import SynchronizedField, TranslatableField

from core import addresses, page_words, previews, sharing
from core.cards import Card
from core.domain import privacy, things
from core.models import Thing
from core.page_forms import PageForm, ThingPageForm
from core.sites import has_private_pages, language_code_of
from core.slugs import slugify_words, unique_slug


def words(*names: str) -> list:
    """Return what is translated of a page type: the named fields and those that every page has."""
    return [
        TranslatableField("title"),
        SynchronizedField("slug", overridable=False),
        TranslatableField("seo_title"),
        TranslatableField("search_description"),
        *(TranslatableField(name) for name in names),
    ]


class BasePage(Page):
    """A page of the library's site.

    Structural pages (`in_every_language`) exist in all languages of the site, as aliases of the source until they
    are translated; any other page that is missing in a language is shown there in the language that it has.
    """

    in_every_language = False
    base_form_class = PageForm
    translatable_fields = words()

    content_panels = [FieldPanel("title")]
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading=_("Address and search engines"),
        ),
    ]

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        created = self._state.adding
        super().save(*args, **kwargs)
        if created:
            privacy.take_over(self)

    # --- Slugs: one per page in all languages, transliterated from the source's title -----------------------------

    def full_clean(self, *args, **kwargs):
        self._fill_slug()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self):
        self._fill_slug()
        super().minimal_clean()

    def _fill_slug(self):
        if self.pk and self.path and not self.alias_of_id and not self.owns_slug:
            # A translation kept by wagtail-localize comes with the address that the source had when it was taken over.
            self.slug = self.slug_owner.slug
        # Without a path the parent isn't known yet; saving asks again once it is.
        if not self.slug and self.title and self.path:
            parent = self.get_parent()
            language = (self.locale if self.locale_id else parent.locale).language_code
            self.slug = unique_slug(slugify_words(self.title, language), partial(addresses.slug_is_taken, self, parent))

    def clean(self):
        super().clean()
        if self.path and self.slug and addresses.slug_is_taken(self, self.get_parent(), self.slug):
            raise ValidationError({"slug": addresses.SLUG_TAKEN})

    @property
    def owns_slug(self) -> bool:
        """Whether the page decides on its address: the oldest of its translations does, roots each for themselves."""
        return self.depth <= 2 or not self.get_translations().filter(pk__lt=self.pk).exists()

    @property
    def slug_owner(self) -> Page:
        """The page whose address this one has."""
        return self.get_translations(inclusive=True).order_by("pk").first()

    def with_content_json(self, content):
        """Return the page of a revision; a translation's address always is the one of its source."""
        page = super().with_content_json(content)
        if not self.owns_slug:
            page.slug = self.slug
            page.set_url_path(self.get_parent())
        return page

    # --- Publishing is one transaction ----------------------------------------------------------------------------

    def publish(self, *args, **kwargs):
        with transaction.atomic():
            return super().publish(*args, **kwargs)

    def unpublish(self, *args, **kwargs):
        with transaction.atomic():
            return super().unpublish(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            return super().delete(*args, **kwargs)

    def why_wait(self) -> str:
        """Return why this version must not be published without a person at hand; empty where it may be."""
        return ""

    def publication_waits(self, revision: Revision) -> None:
        """Tell whoever can say the word that a version is not published before it is said."""

    # --- No language ever has a hole ------------------------------------------------------------------------------

    def route(self, request, path_components):
        """Find the page for the rest of a path; what is missing here is looked for in the other languages."""
        if not path_components:
            if self.live and self.is_shown():
                return RouteResult(self)
            raise Http404
        if len(path_components) > 1:
            # Two queries for any depth, where going down from parent to child takes two for each step.
            path = f"{self.url_path}{'/'.join(path_components)}/"
            below = Page.objects.filter(slug=path_components[-1], url_path=path).first()
            if below is not None and below.live:
                return below.specific.route(request, [])
        try:
            return super().route(request, path_components)
        except Http404:
            return self._route_in_other_languages(request, path_components)

    def _route_in_other_languages(self, request, path_components):
        slug, *rest = path_components
        for child in self._source_first(addresses.children_in_other_languages(self, slug)):
            try:
                return child.specific.route(request, rest)
            except Http404:
                continue
        raise Http404

    @staticmethod
    def _source_first(children):
        """Return the children with the source of their thing in front, as lists show it."""
        first = children[0].specific_class if children else None
        if first is None or not issubclass(first, ThingPage):
            return children
        keys = [child.translation_key for child in children]
        sources = set(first.record_model.objects.filter(translation_key__in=keys).values_list("source_page", flat=True))
        return sorted(children, key=lambda child: child.pk not in sources)

    def is_shown(self) -> bool:
        """Return whether readers may see the page, apart from being live."""
        return True

    def languages_filled(self) -> None:
        """Do what follows from the page being in further languages (in the same transaction)."""

    def get_view_restrictions(self):
        """Return what keeps readers out; without a query where no page is private."""
        return super().get_view_restrictions() if has_private_pages() else PageViewRestriction.objects.none()

    @property
    def preview_modes(self):
        return [previews.AS_WRITTEN, *previews.untranslated(self)]

    def serve_preview(self, request, mode_name):
        self.in_preview = True
        language = previews.language_of(mode_name)
        if language is None:
            return super().serve_preview(request, mode_name)
        with translation.override(language):
            return super().serve_preview(request, mode_name).render()

    def serve_password_required_response(self, request, form, action_url):
        """Ask for the password, and tell nothing of the page before."""
        context = {"form": form, "action_url": action_url}
        return TemplateResponse(request, "wagtailcore/password_required.html", context)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | page_words.context(self, request)

    # --- What stands for the page where it is shared ------------------------------------------------------------------

    def sharing_context(self, request, part: str) -> dict:
        """Return of the page's context what its pictures show; raise Http404 for a part that it doesn't have."""
        if part:
            raise Http404
        return {"facts": getattr(self, "facts", None)}

    def shared_images(self, context) -> list:
        """Return the photographs of which the first that may be shown stands for the page."""
        facts = context.get("facts")
        blocks = getattr(self, "body", None) or ()
        return [getattr(facts, "image", None)] + [
            block.value["image"] for block in blocks if block.block_type == "image"
        ]

    def get_card(self, context, request) -> Card:
        """Return what the picture of the page shows."""
        return sharing.plain_card(self, context, request)

    @property
    def words_language(self) -> str:
        """The code of the language in which the page's words are."""
        page = self.alias_of or self
        return language_code_of(page.locale_id)


class ThingPage(BasePage):
    """The words of a thing in one language; the source page also holds its plan."""

    record_model: type[Thing]
    base_form_class = ThingPageForm
    fact_panels: list = []
    # Fields that belong to one version of the page by itself, neither words nor plan: what its editor said of it.
    version_fields: tuple[str, ...] = ()

    class Meta:
        abstract = True

    @cached_property
    def record(self) -> Thing | None:
        """The thing whose words these are."""
        return things.record_of(self)

    @property
    def owns_slug(self) -> bool:
        return self.is_source

    @property
    def slug_owner(self) -> Page:
        source = self.record.source_page if self.record else None
        return source or self

    @property
    def is_source(self) -> bool:
        """Whether the thing's plan is edited on this page."""
        return self.record is None or self.record.source_page_id == self.pk

    @property
    def facts(self) -> models.Model:
        """What a template shows of the plan: the draft's own in a preview of the source, else the record's."""
        if getattr(self, "in_preview", False) and self.is_source:
            return self
        return self.record or self

    def save(self, *args, **kwargs):
        created = self._state.adding
        super().save(*args, **kwargs)
        if created:
            things.ensure_record(self)

    def is_shown(self) -> bool:
        if self.record is None:
            return False
        # A thing on a private page isn't public; whoever may see the page still sees it.
        source = None if self.record.is_public else self.record.source_page
        return self.record.is_public or (source is not None and source.live)

    def projected(self, record: Thing) -> None:
        """Do what follows from the plan after it was written to the record (in the same transaction)."""

    def left_behind(self, record: Thing) -> list[str]:
        """Return the names of what should follow from the record's plan and doesn't."""
        return []

    def words_published(self, record: Thing) -> None:
        """Do what follows from new words in this page's language (in the same transaction)."""

    def hidden(self, record: Thing) -> None:
        """Do what follows from the thing no longer being public (in the same transaction)."""
