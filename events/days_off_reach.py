"""What of a network's events follows its list of days off, in words."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Site

from events.models import Event, Occurrence


def dates_follow(site: Site) -> str:
    """Say how many events leave days off out, with how many dates to come; nothing where none does."""
    leaving = Event.objects.filter(site=site, is_public=True, skips_days_off=True).exclude(repeat="")
    events = leaving.count()
    if not events:
        return ""
    coming = Occurrence.objects.announced().filter(event__in=leaving).upcoming(timezone.now()).count()
    follow = ngettext(
        "%(number)d published event is not held on days off.",
        "%(number)d published events are not held on days off.",
        events,
    )
    dates = ngettext("%(number)d date of them is to come.", "%(number)d dates of them are to come.", coming)
    return " ".join(
        [
            follow % {"number": events},
            dates % {"number": coming},
            _(
                "They follow this list within a minute: what falls on a new day off leaves lists and calendars, "
                "and comes back if the day is taken out again."
            ),
        ]
    )
