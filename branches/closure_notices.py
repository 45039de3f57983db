"""What every page of a site says of branches that an emergency closes now, until it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Site

from branches.domain.branches import closure_of
from branches.listing import branch_names
from branches.models import Branch
from core.date_words import clock_words, date_words
from core.enums import NoticeLevel
from core.labels import label_in
from core.localtime import to_local
from core.notices import Posted, Words

# More branches than these, closed for one reason until one moment, are only counted.
NAMED = 4


def closure_notices(site: Site, language: str) -> Iterator[Posted]:
    """Yield a notice for the branches that are closed until the same moment for the same reason; for core's hook."""
    now = timezone.now()
    closed = list(Branch.objects.public().on([site.pk]).filter(closed_until__gt=now).order_by("closed_until", "key"))
    if not closed:
        return
    names = branch_names((site.pk,), language)
    closed = [branch for branch in closed if branch.pk in names]
    with override(language):
        for (until, reason), group in groupby(closed, key=lambda one: (one.closed_until, _reason(one, language))):
            yield _notice(list(group), names, until, reason, language)


def _reason(branch: Branch, language: str) -> str:
    closure = closure_of(branch)
    return label_in(closure.reason, language) if closure else ""


def _notice(branches: list[Branch], names, until: datetime, reason: str, language: str) -> Posted:
    local = to_local(until, branches[0].zoneinfo)
    when = {"day": date_words(local.date(), today=local.date(), capital=False), "time": clock_words(local)}
    titles = ", ".join(names[one.pk].title for one in branches[:NAMED])
    rest = len(branches) - NAMED
    if rest > 0:
        titles = _("%(names)s and %(number)s more") % {"names": titles, "number": rest}
    text = _("%(branch)s: closed until %(day)s, %(time)s.") % {"branch": titles, **when}
    alone = names[branches[0].pk] if len(branches) == 1 else None
    return Posted(
        level=NoticeLevel.EMERGENCY,
        begins=min(one.changed_at for one in branches),
        ends=until,
        words=Words(f"{text} {reason}".strip(), language),
        path=alone.path if alone else "",
        link=Words(_("Opening hours") if alone else "", language),
    )
