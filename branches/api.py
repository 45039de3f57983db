"""Branches as JSON: where they are, how to reach them, when they are open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from branches.listing import branch_names, closure_in_force, main_kind, state_sentence
from branches.models import Branch
from branches.opening_hours import HoursKind, Interval
from core.api import LANGUAGE, ErrorSerializer, Pages, PublicView, TermSerializer
from core.labels import label_in
from core.localtime import to_local
from core.sites import visible_site_ids

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpRequest

    from core.models import Term
    from core.page_words import Words


class IntervalSerializer(serializers.Serializer):
    """A time without a break, as the clock on the wall shows it; one that ends in the night closes before it opens."""

    opens = serializers.CharField(help_text="Such as 09:00.")
    closes = serializers.CharField(help_text="Such as 18:00; 00:00 and 24:00 are the midnight that ends the day.")


class WeekSerializer(serializers.Serializer):
    """The usual week of one kind of hours."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in HoursKind])
    days = serializers.ListField(
        child=serializers.ListField(child=IntervalSerializer()), help_text="Seven days, the first is Monday."
    )


class ExceptionSerializer(serializers.Serializer):
    """Other hours, or none, on each day of a period."""

    first = serializers.DateField()
    last = serializers.DateField(help_text="Itself included.")
    kind = serializers.ChoiceField(choices=[kind.value for kind in HoursKind], allow_null=True, help_text="Null: all.")
    hours = IntervalSerializer(many=True)
    reason = serializers.CharField()


class StateSerializer(serializers.Serializer):
    """Whether people can come in now, and until when that holds."""

    open = serializers.BooleanField(allow_null=True, help_text="Null where nobody has entered hours.")
    changes_at = serializers.DateTimeField(allow_null=True)
    sentence = serializers.CharField()


class BranchSerializer(serializers.Serializer):
    """A branch."""

    key = serializers.CharField(help_text="Stands in filters; never changes.")
    name = serializers.CharField()
    lead = serializers.CharField()
    language = serializers.ChoiceField(choices=list(settings.SITE_LANGUAGES), help_text="Language of name and lead.")
    url = serializers.URLField()
    is_central = serializers.BooleanField()
    street = serializers.CharField()
    postcode = serializers.CharField()
    town = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    time_zone = serializers.CharField()
    phones = serializers.ListField(child=serializers.CharField())
    emails = serializers.ListField(child=serializers.CharField())
    weeks = WeekSerializer(many=True)
    exceptions = ExceptionSerializer(many=True)
    now = StateSerializer()
    closed_until = serializers.DateTimeField(allow_null=True, help_text="While an emergency closes it.")
    closed_reason = serializers.CharField()
    facilities = TermSerializer(many=True)
    services = TermSerializer(many=True)


class BranchPages(Pages):
    """Branches page by page, in the order of their keys."""

    ordering = ("key",)


class BranchList(PublicView):
    """The branches of the site."""

    pagination_class = BranchPages
    params = frozenset({"cursor", "limit"})

    @extend_schema(
        operation_id="branches",
        parameters=[LANGUAGE],
        responses={200: BranchSerializer(many=True), 400: ErrorSerializer},
    )
    def get(self, request):
        """Branches with their hours."""
        asked = self.asked
        branches = Branch.objects.public().on(visible_site_ids(asked)).prefetch_related("facilities", "services")
        found = self.page_of(branches)
        words = branch_names(tuple(visible_site_ids(asked)), get_language())
        now = timezone.now()
        rows = [told(asked, branch, words[branch.pk], now) for branch in found if branch.pk in words]
        return self.answer(BranchSerializer(rows, many=True).data)


def told(request: HttpRequest, branch: Branch, words: Words, now: datetime) -> dict:
    """Return a branch as the JSON tells it."""
    hours, closure = branch.opening_hours, closure_in_force(branch, now)
    state, sentence = state_sentence(request, branch, main_kind(branch), now)
    changes_at, today = state.next_change, to_local(now, branch.zoneinfo).date()
    return {
        "key": branch.key,
        "name": words.title,
        "lead": words.page.lead,
        "language": words.language,
        "url": request.build_absolute_uri(words.path),
        "is_central": branch.is_central,
        "street": label_in(branch.street),
        "postcode": branch.postcode,
        "town": label_in(branch.town),
        "latitude": branch.latitude,
        "longitude": branch.longitude,
        "time_zone": branch.zone,
        "phones": [block.value["number"] for block in branch.phones],
        "emails": [block.value["address"] for block in branch.mails],
        "weeks": [{"kind": kind.value, "days": list(map(_hours, week))} for kind, week in hours.kinds.items()],
        "exceptions": [
            {
                "first": one.first,
                "last": one.last,
                "kind": one.kind.value if one.kind else None,
                "hours": _hours(one.hours),
                "reason": label_in(dict(one.reason)),
            }
            for one in hours.exceptions
            if one.last >= today
        ],
        "now": {
            "open": state.is_open if state.is_known else None,
            "changes_at": changes_at.astimezone(branch.zoneinfo) if changes_at else None,
            "sentence": sentence,
        },
        "closed_until": branch.closed_until.astimezone(branch.zoneinfo) if closure else None,
        "closed_reason": label_in(branch.closed_reason) if closure else "",
        "facilities": _terms(branch.facilities.all()),
        "services": _terms(branch.services.all()),
    }


def _hours(intervals: Iterable[Interval]) -> list[dict]:
    return [{"opens": interval.opens, "closes": interval.closes} for interval in intervals]


def _terms(terms: Iterable[Term]) -> list[dict]:
    return [{"key": term.key, "name": str(term)} for term in terms]
