"""Words of the admin that Wagtail translates while it starts, or never: said again, in the language of each editor.

Wagtail 7.4 asks `gettext` for them when a module is imported, and nobody has a language yet; some labels it makes from
the names of fields. The texts marked `theirs` are Wagtail's, so they stand in its catalogues, not in ours.
"""

from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_lazy as theirs
from wagtail.admin.forms import choosers
from wagtail.admin.forms.workflows import WorkflowPageForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.chooser import ChooseViewMixin, CreationFormMixin
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.contrib.redirects.filters import RedirectsReportFilterSet
from wagtail.images.forms import ImageInsertionForm


def _label(form: type[Form], **labels: Promise) -> None:
    for name, label in labels.items():
        if field := form.base_fields.get(name):
            field.label = label


def say_choosers() -> None:
    """Name the tabs and buttons of choosers."""
    ChooserViewSet.search_tab_label = ChooseViewMixin.search_tab_label = theirs("Search")
    ChooserViewSet.create_action_label = CreationFormMixin.create_action_label = theirs("Create")


def say_insertion() -> None:
    """Name what is asked before an image or a link goes into a text."""
    _label(
        ImageInsertionForm,
        format=theirs("Format"),
        image_is_decorative=theirs("Image is decorative"),
        alt_text=theirs("Alt text"),
    )
    for form in (choosers.ExternalLinkChooserForm, choosers.AnchorLinkChooserForm):
        _label(form, link_text=_("Link text"))
    _label(
        choosers.EmailLinkChooserForm,
        email_address=_("Email address"),
        link_text=_("Link text"),
        subject=_("Subject of the mail"),
        body=_("Text of the mail"),
    )
    _label(choosers.PhoneLinkChooserForm, phone_number=_("Phone number"), link_text=_("Link text"))


def say_redirects() -> None:
    """Name the filter of the list of redirects."""
    kind = RedirectsReportFilterSet.base_filters["is_permanent"]
    kind.label = theirs("Type")
    kind.extra |= {
        "choices": ((True, theirs("Permanent")), (False, theirs("Temporary"))),
        "empty_label": theirs("All"),
    }


def say_workflows() -> None:
    """Name the pages that a workflow is for."""
    _label(WorkflowPageForm, page=theirs("Page"))


def name_translations_report(request: HttpRequest, items: list[MenuItem]) -> None:
    """Name the report on translations, else named in the language in which somebody first asked; for Wagtail's hook."""
    address = reverse("wagtail_localize:translations_report")
    for item in items:
        if item.url == address:
            item.label = theirs("Translations")


def say() -> None:
    """Say all of them; once, before the admin's addresses are made."""
    say_choosers()
    say_insertion()
    say_redirects()
    say_workflows()
