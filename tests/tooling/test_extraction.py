"""What counts as a message, in Python and in templates."""

from pathlib import Path

from extraction import Message, messages, python_messages, template_messages

PYTHON = """
from django.utils.translation import gettext as _, ngettext_lazy, npgettext, pgettext_lazy, gettext_noop
from django.utils import translation

_("Two " "parts")
translation.gettext("By its module")
gettext_noop("Later")
ngettext_lazy("%(count)d seat", "%(count)d seats", "count")
pgettext_lazy("month", "May")
npgettext("hall", "%(n)s row", "%(n)s rows", 3)
# Translators: said to a child,
# so keep it short.
_("Well done")
_(name)
_("")
print("not for translation")
"""

TEMPLATE = """
{% load i18n %}
{% translate "Opening hours" %} {% translate 'May' context "month" %} {% trans "100% free" as free %}
{% blocktranslate trimmed with name=branch.name %}
  Welcome
  to {{ name }}
{% endblocktranslate %}
{% blocktranslate count n=seats %}{{ n }} seat{% plural %}{{ n }} seats{% endblocktranslate %}
{{ _("Don't miss it")|upper }} {% include "x.html" with title=_("Nearby") only %} {{ day|default:_("no day") }}
{# Translators: a button. #}
{% translate "Open" %}
{% comment %}{% translate "Not yet" %}{% endcomment %}
"""


def test_python_calls_are_found_with_context_plural_and_comment() -> None:
    found = sorted(python_messages(PYTHON, "a.py"))

    assert found == sorted(
        [
            Message("%(count)d seat", plural="%(count)d seats", path="a.py"),
            Message("%(n)s row", context="hall", plural="%(n)s rows", path="a.py"),
            Message("By its module", path="a.py"),
            Message("Later", path="a.py"),
            Message("May", context="month", path="a.py"),
            Message("Two parts", path="a.py"),
            Message("Well done", path="a.py", comment="Translators: said to a child, so keep it short."),
        ]
    )


def test_template_tags_are_found_with_context_plural_and_comment() -> None:
    found = sorted(template_messages(TEMPLATE, "a.html"))

    assert found == sorted(
        [
            Message("%(n)s seat", plural="%(n)s seats", path="a.html"),
            Message("100%% free", path="a.html"),
            Message("Don't miss it", path="a.html"),
            Message("May", context="month", path="a.html"),
            Message("Nearby", path="a.html"),
            Message("Open", path="a.html", comment="Translators: a button."),
            Message("Opening hours", path="a.html"),
            Message("Welcome to %(name)s", path="a.html"),
            Message("no day", path="a.html"),
        ]
    )


def test_python_format_is_a_placeholder_and_not_a_per_cent_sign() -> None:
    texts = ["%(day)s", "%s", "%d of %d", "100%", "5 % discount", "100%% free", "{day}"]

    assert [Message(text).has_python_format for text in texts] == [True, True, True, False, False, False, False]


def test_files_are_read_by_their_kind_with_paths_from_the_root(tmp_path: Path) -> None:
    (tmp_path / "b.html").write_text('{% translate "In a template" %}', encoding="utf-8")
    (tmp_path / "a.py").write_text('_("In a module")', encoding="utf-8")

    found = list(messages(tmp_path, tmp_path.iterdir()))

    assert found == [Message("In a module", path="a.py"), Message("In a template", path="b.html")]
