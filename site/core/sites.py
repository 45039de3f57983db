"""Which site a request, a page or a thing belongs to, and which sites it shows."""

from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.models.sites import get_site_for_hostname

from core.memory import per_generation
from core.models import Network


def site_of(page: Page) -> Site:
    """Return the site in whose tree the page stands; the default site for a page outside of all trees."""
    for site_id, root_path, _root_url, _language in Site.get_site_root_paths():
        if page.url_path.startswith(root_path):
            return Site.objects.get(pk=site_id)
    return Site.objects.get(is_default_site=True)


class HomeOf(NamedTuple):
    """Where the pages of a site begin in a language."""

    page_id: int
    url_path: str
    content_type_id: int


@per_generation
def site_at(hostname: str, port: str) -> Site | None:
    """Return the site that answers at a host and port."""
    try:
        return get_site_for_hostname(hostname, port)
    except Site.DoesNotExist:
        return None


@per_generation
def home_of(site_id: int, language: str) -> HomeOf | None:
    """Return the site's live home page in a language."""
    key = Page.objects.filter(sites_rooted_here=site_id).values("translation_key")
    home = Page.objects.filter(translation_key__in=key, locale__language_code=language, live=True)
    found = home.values_list("pk", "url_path", "content_type_id").first()
    return HomeOf(*found) if found else None


@per_generation
def has_private_pages() -> bool:
    """Return whether any page of the installation is private."""
    return PageViewRestriction.objects.exists()


@per_generation
def _network(site_id: int) -> Network:
    return Network.objects.select_related("site__root_page", "logo").get_or_create(site_id=site_id)[0]


def network_of(site: Site) -> Network:
    """Return the network settings of a site."""
    return _network(site.pk)


def network_for(request: HttpRequest) -> Network:
    """Return the network settings for the request's site."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return _network(site.pk)


@per_generation
def _members(site_id: int) -> tuple[int, ...]:
    return tuple(_network(site_id).members.values_list("pk", flat=True))


def visible_site_ids(request: HttpRequest) -> list[int]:
    """Return the ids of the sites whose things this request's site shows: itself and its members."""
    site_id = network_for(request).site_id
    return [site_id, *_members(site_id)]


def languages_of(site: Site) -> list[str]:
    """Return a site's language codes, the first language first, only those that the installation knows."""
    return [code for code in network_of(site).language_codes if code in settings.SITE_LANGUAGES]


@per_generation
def language_codes_by_locale() -> dict[int, str]:
    """Return the language code of each locale by its id."""
    return dict(Locale.objects.values_list("pk", "language_code"))


def language_code_of(locale_id: int) -> str:
    """Return a locale's language code without asking the database each time."""
    code = language_codes_by_locale().get(locale_id)
    return code or Locale.objects.values_list("language_code", flat=True).get(pk=locale_id)
