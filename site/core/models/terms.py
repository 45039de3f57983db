"""Terms: the words by which things are sorted and filtered; they belong to the installation or to one site."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from core.labels import LabelField, label_in

# The hook of this room: a higher one registers for "did readers ever meet this key as that of such a term or branch?".
key_taken_hooks: list[Callable[[type[models.Model], str], bool]] = []


def key_was_issued(model: type[models.Model], key: str) -> bool:
    """Return whether the key ever stood in public addresses, whatever became of the term or branch that it named."""
    return any(hook(model, key) for hook in key_taken_hooks)


class TermQuerySet(models.QuerySet):
    """Questions about terms."""

    def for_sites(self, sites):
        """Keep those of the installation and those of the given sites."""
        return self.filter(models.Q(site=None) | models.Q(site__in=sites))


class Term(index.Indexed, models.Model):
    """A word with a public key and one label per language."""

    key = models.SlugField(
        _("key"), max_length=60, unique=True, help_text=_("Stands in addresses and feeds; it can't be changed later.")
    )
    label = LabelField(_("label"), max_length=80)
    site = models.ForeignKey(
        "wagtailcore.Site",
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Empty: for every site of this installation."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    retired = models.BooleanField(
        _("retired"), default=False, help_text=_("Still answers in old links; no longer offered.")
    )

    objects = TermQuerySet.as_manager()

    panels = [FieldPanel("label"), FieldPanel("key"), FieldPanel("order"), FieldPanel("retired"), FieldPanel("site")]
    search_fields = [index.SearchField("label_text"), index.AutocompleteField("label_text")]

    class Meta:
        abstract = True
        ordering = ("order", "key")

    def __str__(self):
        return label_in(self.label) or self.key

    @classmethod
    def key_is_taken(cls, key: str) -> bool:
        """Return whether the key belongs, or ever belonged, to a term of this kind."""
        return cls._default_manager.filter(key=key).exists() or key_was_issued(cls, key)

    def clean(self):
        super().clean()
        if self._state.adding:
            if self.key_is_taken(self.key):
                raise ValidationError({"key": _("This key is taken, or was once; old links still lead to it.")})
        elif not type(self)._default_manager.filter(pk=self.pk, key=self.key).exists():
            raise ValidationError({"key": _("A key can't be changed: it stands in addresses and feeds.")})

    @property
    def label_text(self) -> str:
        """All labels, for the admin's search."""
        return " ".join(self.label.values())


class Topic(Term):
    """What something is about: reading, local history ..."""

    class Meta(Term.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class Audience(Term):
    """For whom something is: children, seniors ..."""

    class Meta(Term.Meta):
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
