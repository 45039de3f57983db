"""Makes small networks for tests: sites, pages in languages, branches, events, articles."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from wagtail.models import Collection, Locale, Page, Site

from branches.models import BranchIndexPage, BranchPage
from core.models import Audience, Topic, User
from events.models import EventIndexPage, EventPage
from home.models import HomePage
from news.models import ArticlePage, NewsIndexPage
from tests.factories.replay import made_once

LANGUAGES = ("en", "uk", "ru", "mk")
NOON = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


class Library:
    """A network with its index pages in four languages or fewer, and short ways to add to it."""

    def __init__(self, languages=LANGUAGES):
        made_once(tuple(languages), lambda: self._build(languages))
        found = Locale.objects.filter(language_code__in=languages)
        self.locales = {locale.language_code: locale for locale in found}
        self.site = Site.objects.get()
        self.home = HomePage.objects.get(slug="home")
        self.events, self.branches, self.news = (
            model.objects.get(locale=self.locales["en"]) for model in (EventIndexPage, BranchIndexPage, NewsIndexPage)
        )

    def _build(self, languages) -> None:
        Page.objects.filter(depth=2).delete()
        Locale.objects.exclude(language_code__in=languages).delete()
        locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in languages}
        # A test with real transactions leaves an empty database behind.
        root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root", slug="root")
        if not Collection.objects.exists():
            Collection.add_root(name="Root")
        home = root.add_child(instance=HomePage(title="Library", slug="home", locale=locales["en"]))
        Site.objects.all().delete()
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
        publish(home)
        for index in (
            EventIndexPage(title="Events", slug="events"),
            BranchIndexPage(title="Branches", slug="branches"),
            NewsIndexPage(title="News", slug="news"),
        ):
            publish(Page.objects.get(pk=home.pk).add_child(instance=index))

    def in_language(self, page, code):
        """Return the page's counterpart in a language."""
        return page.get_translation(self.locales[code]).specific

    def event(self, *, parent=None, language="en", publish_it=True, **fields) -> EventPage:
        """Add an event tomorrow at 18:00 to 19:30, or as the fields say."""
        parent = parent or (self.events if language == "en" else self.in_language(self.events, language))
        defaults = {
            "title": "Chess club",
            "lead": "Come and play.",
            "starts_on": date(2030, 1, 8),
            "starts_at": time(18),
            "ends_at": time(19, 30),
        }
        page = Page.objects.get(pk=parent.pk).add_child(instance=EventPage(**{"live": publish_it} | defaults | fields))
        return publish(page) if publish_it else page

    def branch(self, *, key="central", language="en", **fields) -> BranchPage:
        """Add a branch that is open on weekdays from 9 to 18."""
        parent = self.branches if language == "en" else self.in_language(self.branches, language)
        week = {"week": [[["09:00", "18:00"]]] * 5 + [[]] * 2}
        defaults = {
            "title": "Central Library",
            "slug": key,
            "hours": {"v": 1, "kinds": {"staffed": week}, "exceptions": []},
            "street": {"en": "1 Mill Street"},
            "zone": "Europe/Kyiv",
        }
        return publish(Page.objects.get(pk=parent.pk).add_child(instance=BranchPage(**defaults | fields)))

    def article(self, *, parent=None, language="en", publish_it=True, **fields) -> ArticlePage:
        """Add an article."""
        parent = parent or (self.news if language == "en" else self.in_language(self.news, language))
        page = Page.objects.get(pk=parent.pk).add_child(
            instance=ArticlePage(**{"title": "New shelves", "lead": "They hold more.", "live": publish_it} | fields)
        )
        return publish(page) if publish_it else page

    def translate(self, page, code, *, title, publish_it=True, **fields):
        """Add the page's words in another language, as a person would who writes them by hand."""
        there = page.get_translation_or_none(self.locales[code])
        if there is None:
            there = page.specific.copy_for_translation(self.locales[code])
        there = there.specific
        there.title, there.draft_title = title, title
        for name, value in fields.items():
            setattr(there, name, value)
        if there.alias_of_id:
            there.alias_of = None
            there.save(update_fields=["alias_of"])
        return publish(there) if publish_it else there

    def administrator(self) -> User:
        """Return a superuser."""
        return User.objects.create_superuser("admin@library.example", "secret")

    def terms(self) -> None:
        """Add two audiences and a topic."""
        Audience.objects.create(key="children", label={"en": "Children", "uk": "Діти"})
        Audience.objects.create(key="adults", label={"en": "Adults", "uk": "Дорослі"})
        Topic.objects.create(key="reading", label={"en": "Reading", "uk": "Читання"})


def publish(page):
    """Publish what the page object says; return it as it then stands."""
    page = page.specific
    page.save_revision(clean=True).publish()
    return type(page).objects.get(pk=page.pk)


def revise(page, **fields):
    """Publish the page with changed fields."""
    page = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    return publish(page)


def soon(days: int) -> date:
    """Return the day so many days from today."""
    return timezone.localdate() + timedelta(days=days)
