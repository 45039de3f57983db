"""The pieces of the home page and of the mission."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.blocks import BodyBlock


class MissionStatementBlock(blocks.StructBlock):
    """The mission's statement, large, with a link to the mission page; its words come from there."""

    class Meta:
        icon = "openquote"
        label = _("Mission statement")
        template = "home/blocks/mission_statement.html"

    heading = blocks.CharBlock(required=False, max_length=80, label=_("Heading"))


class UpcomingEventsBlock(blocks.StructBlock):
    """The next dates of the whole network."""

    heading = blocks.CharBlock(required=False, max_length=80, label=_("Heading"))
    count = blocks.IntegerBlock(min_value=1, max_value=20, default=6, label=_("How many"))

    class Meta:
        icon = "date"
        label = _("Upcoming events")
        template = "home/blocks/upcoming_events.html"


class LatestNewsBlock(blocks.StructBlock):
    """The newest articles."""

    heading = blocks.CharBlock(required=False, max_length=80, label=_("Heading"))
    count = blocks.IntegerBlock(min_value=1, max_value=20, default=4, label=_("How many"))

    class Meta:
        icon = "doc-full"
        label = _("Latest news")
        template = "home/blocks/latest_news.html"


class BranchesOpenBlock(blocks.StructBlock):
    """Which branches are open now and until when."""

    heading = blocks.CharBlock(required=False, max_length=80, label=_("Heading"))

    class Meta:
        icon = "home"
        label = _("Branches open now")
        template = "home/blocks/branches_open.html"


class HomeBlock(BodyBlock):
    """Everything that the home page can hold."""

    mission_statement = MissionStatementBlock()
    upcoming_events = UpcomingEventsBlock()
    latest_news = LatestNewsBlock()
    branches_open = BranchesOpenBlock()


class PrincipleBlock(blocks.StructBlock):
    """A principle that the library stands by."""

    name = blocks.CharBlock(max_length=120, label=_("Principle"))
    text = blocks.TextBlock(required=False, label=_("In a few sentences"))

    class Meta:
        icon = "check"
        label = _("Principle")


class GoalBlock(blocks.StructBlock):
    """A goal with the tasks that lead to it."""

    name = blocks.CharBlock(max_length=160, label=_("Goal"))
    text = blocks.TextBlock(required=False, label=_("In a few sentences"))
    tasks = blocks.ListBlock(blocks.CharBlock(max_length=300, label=_("Task")), default=[], label=_("Tasks"))

    class Meta:
        icon = "list-ol"
        label = _("Goal")


class AudienceBlock(blocks.StructBlock):
    """People for whom the library works, and what it does for them."""

    name = blocks.CharBlock(max_length=120, label=_("Who"))
    text = blocks.TextBlock(required=False, label=_("What the library does for them"))

    class Meta:
        icon = "group"
        label = _("Audience")


class ResultBlock(blocks.StructBlock):
    """A result that is expected, and by when."""

    text = blocks.CharBlock(max_length=300, label=_("Result"))
    by = blocks.CharBlock(required=False, max_length=60, label=_("By when"))

    class Meta:
        icon = "tick"
        label = _("Expected result")


class PrinciplesBlock(blocks.StreamBlock):
    """All principles."""

    principle = PrincipleBlock()


class GoalsBlock(blocks.StreamBlock):
    """All goals."""

    goal = GoalBlock()


class AudiencesBlock(blocks.StreamBlock):
    """All audiences."""

    audience = AudienceBlock()


class ResultsBlock(blocks.StreamBlock):
    """All expected results."""

    result = ResultBlock()
