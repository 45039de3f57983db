"""Which site a request, a page or a thing belongs to, and which sites it shows."""

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page, Site

from core.models import Network


def site_of(page: Page) -> Site:
    """Return the site in whose tree the page stands; the default site for a page outside of all trees."""
    for site_id, root_path, _root_url, _language in Site.get_site_root_paths():
        if page.url_path.startswith(root_path):
            return Site.objects.get(pk=site_id)
    return Site.objects.get(is_default_site=True)


def network_of(site: Site) -> Network:
    """Return the network settings of a site."""
    return Network.for_site(site)


def network_for(request: HttpRequest) -> Network:
    """Return the network settings for the request's site, kept on the request."""
    return Network.for_request(request)


def visible_site_ids(request: HttpRequest) -> list[int]:
    """Return the ids of the sites whose things this request's site shows: itself and its members."""
    kept = getattr(request, "_visible_site_ids", None)
    if kept is None:
        network = network_for(request)
        kept = [network.site_id, *network.members.values_list("pk", flat=True)]
        request._visible_site_ids = kept
    return kept


def languages_of(site: Site) -> list[str]:
    """Return a site's language codes, the first language first, only those that the installation knows."""
    return [code for code in network_of(site).language_codes if code in settings.SITE_LANGUAGES]
