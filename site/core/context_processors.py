"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.sites import network_for


def network(request: HttpRequest) -> dict:
    """Return the network settings, read only where a template uses them."""
    return {
        "network": SimpleLazyObject(lambda: network_for(request)),
        "site_languages": settings.LANGUAGES,
    }
