"""The first words of a report: what is known of the event, in the language of the event, and what is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from branches.models import BranchPage
from core.date_words import range_pieces, when_pieces
from core.labels import label_in
from core.page_words import words_for
from core.sites import language_code_of
from events.models import Event, Occurrence

LONGEST_TITLE = 200
LONGEST_NAME = 120
LONGEST_PLACE = 90


def title_of(event: Event) -> str:
    """Return the title of a report: the event's, and that it tells what it was like."""
    page = event.source_page
    with override(language_code_of(page.locale_id)):
        return _("%(event)s: how it was") % {"event": Truncator(page.title).chars(LONGEST_TITLE)}


def lead_of(event: Event, dates: Sequence[Occurrence], today: date) -> str:
    """Return what, when and where in a line, and the question that only those who were there can answer."""
    page = event.source_page
    language = language_code_of(page.locale_id)
    with override(language):
        facts = [_when(dates, today), Truncator(_where(dates[-1], language)).chars(LONGEST_PLACE)]
        return pgettext("report", "%(event)s. %(facts)s. [How many people came, and what was it like?]") % {
            "event": Truncator(page.title).chars(LONGEST_NAME),
            "facts": ", ".join(filter(None, facts)),
        }


def _when(dates: Sequence[Occurrence], today: date) -> str:
    """Return the one date, or the days between which several were held and how many these were."""
    if len(dates) == 1:
        return "".join(piece.text for piece in when_pieces(dates[0], today=today))
    days = range_pieces(dates[0].local_start.date(), dates[-1].last_day, today=today)
    count = ngettext("%(count)d time", "%(count)d times", len(dates)) % {"count": len(dates)}
    return f"{''.join(piece.text for piece in days)}, {count}"


def _where(held: Occurrence, language: str) -> str:
    if held.where:
        return label_in(held.where, language)
    branch = held.branch
    words = words_for([branch], BranchPage, language=language, hidden=True) if branch else {}
    return words[branch.pk].title if branch and branch.pk in words else ""
