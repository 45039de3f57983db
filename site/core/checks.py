"""System checks that hold the conventions of things and words."""

from django.conf import settings
from django.core import checks
from django.db import models
from wagtail.models import Page

from core.pages import BasePage, ThingPage


@checks.register()
def every_field_is_words_or_plan(app_configs, **kwargs):
    """Report a field of a thing's page that is neither translated nor projected, or projected but not on the record."""
    errors = []
    for page_model in _concrete(ThingPage):
        errors += _field_errors(page_model)
    return errors


@checks.register()
def page_types_say_where_they_stand(app_configs, **kwargs):
    """Report page types without parent or subpage rules of their own."""
    return [
        checks.Error(f"{model.__name__} must set {name}.", obj=model, id="core.E002")
        for model in _concrete(BasePage)
        for name in ("parent_page_types", "subpage_types")
        if name not in vars(model)
    ]


@checks.register()
def mail_leaves_the_outbox(app_configs, **kwargs):
    """Report a delivery that would only write into the outbox again."""
    if settings.SMTP_BACKEND == settings.EMAIL_BACKEND:
        return [checks.Error("SMTP_BACKEND must deliver mail, not queue it again.", id="core.E005")]
    return []


def _concrete(base):
    for model in base.__subclasses__():
        if model._meta.abstract:
            yield from _concrete(model)
        else:
            yield model


def _field_errors(page_model):
    record = page_model.record_model
    facts = {field.name for field in record.fact_fields()} | set(record.fact_relations)
    words = {field.field_name for field in page_model.translatable_fields}
    inherited = {field.name for field in Page._meta.get_fields()} | {"page_ptr"}
    names = {field.name for field in page_model._meta.get_fields() if not _is_reverse(field)} - inherited
    record_names = {field.name for field in record._meta.get_fields()}
    for name in sorted(names - words - facts - set(page_model.version_fields)):
        yield checks.Error(
            f"{page_model.__name__}.{name} is neither words (translatable_fields) nor plan ({record.__name__}).",
            obj=page_model,
            id="core.E001",
        )
    for name in sorted(facts & words):
        yield checks.Error(
            f"{page_model.__name__}.{name} is plan and must not be translated.", obj=page_model, id="core.E003"
        )
    for name in sorted(facts - record_names | facts - names):
        yield checks.Error(
            f"Fact {name} must be on {page_model.__name__} and {record.__name__}.", obj=page_model, id="core.E004"
        )


def _is_reverse(field):
    return field.auto_created and not field.concrete and not isinstance(field, models.OneToOneField)
