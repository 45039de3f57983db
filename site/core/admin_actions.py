"""Pages of the admin on which something is done: a GET explains and asks, a POST does."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


class RefusedError(Exception):
    """What can't be done after all; the text says why to the person who asked."""


class ActionView(WagtailAdminTemplateMixin, FormView):
    """Asks for confirmation, and maybe for a few words, before it does something.

    Subclasses say what will happen in `explanation`, do it in `perform` and report in `success`. With `asks` off a
    POST does it at once and there is no page to GET.
    """

    template_name = "core/admin/action.html"
    form_class = forms.Form
    asks = True
    submit_label = _("Yes, do it")
    keep_label = _("No, go back")
    is_serious = False

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not self.asks:
            return self.http_method_not_allowed(request, *args, **kwargs)
        return super().get(request, *args, **kwargs)

    def explanation(self) -> list[str]:
        """Return sentences that say what will happen."""
        return []

    def perform(self, form: forms.Form) -> None:
        """Do it; raise RefusedError where it can't be done."""
        raise NotImplementedError

    def success(self) -> str:
        """Return the sentence that says what was done."""
        raise NotImplementedError

    def home_url(self) -> str:
        """Return where the person comes from and goes back to."""
        raise NotImplementedError

    def form_valid(self, form):
        try:
            self.perform(form)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, self.success())
        return redirect(self.back_url())

    def form_invalid(self, form):
        if self.asks:
            return super().form_invalid(form)
        messages.error(self.request, " ".join(form.non_field_errors()))
        return redirect(self.back_url())

    def back_url(self) -> str:
        """Return the address to which the person goes back."""
        return get_valid_next_url_from_request(self.request) or self.home_url()

    def get_context_data(self, **kwargs):
        form = kwargs.get("form") or self.get_form()
        return super().get_context_data(**{**kwargs, "form": form}) | {
            "explanation": self.explanation(),
            "back_url": self.back_url(),
            "submit_label": self.submit_label,
            "keep_label": self.keep_label,
            "is_serious": self.is_serious,
            "media": form.media,
        }


def with_post_button(sentence: str, label: str, url: str) -> SafeString:
    """Return a message with a button that posts to an address, as Wagtail's own messages have it."""
    return format_html(
        '{} <span class="buttons"><button type="button" class="button button-small button-secondary"'
        ' data-controller="w-action" data-action="w-action#post" data-w-action-url-value="{}">{}</button></span>',
        sentence,
        url,
        label,
    )
