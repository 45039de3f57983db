"""Things: an event, a branch, a partner, a campaign exists once, whatever its pages do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ThingQuerySet(models.QuerySet):
    """Questions about things."""

    def public(self):
        """Keep those that readers may see."""
        return self.filter(is_public=True)

    def on(self, sites):
        """Keep those of the given sites."""
        return self.filter(site__in=sites)


class Thing(models.Model):
    """The record of a thing: it survives its pages, and with it all that hangs on it.

    `facts_model` is the abstract model whose fields the source page and the record share; `fact_relations` names
    the relations to terms that are projected along.
    """

    facts_model: type[models.Model] | None = None
    fact_relations: tuple[str, ...] = ()

    key = models.SlugField(_("public key"), max_length=80, unique=True, editable=False)
    # Most installations have one site: an index on it would lead the database astray.
    site = models.ForeignKey(
        "wagtailcore.Site", on_delete=models.PROTECT, related_name="+", editable=False, db_index=False
    )
    translation_key = models.UUIDField(null=True, unique=True, editable=False)
    source_page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    is_public = models.BooleanField(default=False, editable=False)
    hidden_with_source = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ThingQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.source_page.title if self.source_page_id else self.key

    @classmethod
    def fact_fields(cls) -> list[models.Field]:
        """Return the plan's plain fields, in the order of the facts model."""
        return [cls._meta.get_field(field.name) for field in cls.facts_model._meta.local_fields]
