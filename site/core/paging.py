"""The page of a list that an address asks for."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

LAST_PAGE = 500


def page_number(request: HttpRequest) -> int:
    """Return the asked page; raise BadRequest for what is no number, Http404 beyond any page there can be."""
    text = request.GET.get("page", "1")
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise BadRequest(_("A page is a number."))
    number = int(text)
    if not 1 <= number <= LAST_PAGE:
        raise Http404
    return number
