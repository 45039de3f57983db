"""Translates pages with wagtail-localize, as its editor does."""

from __future__ import annotations

from django.test import TestCase
from wagtail_localize.models import StringTranslation, Translation, TranslationSource


def keep_translated(library, page, code: str, text: str, *, only: str = "") -> Translation:
    """Give each sentence of the page (or of the field `only`) the text in a language, and publish what comes of it."""
    source, _created = TranslationSource.update_or_create_from_instance(page)
    translation, _created = Translation.objects.get_or_create(source=source, target_locale=library.locales[code])
    segments = source.stringsegment_set.all()
    for segment in segments.filter(context__path=only) if only else segments:
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            defaults={"data": text},
        )
    save(translation)
    return translation


def save(translation: Translation) -> None:
    """Publish the translation, with what waits for the end of the transaction."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        translation.save_target(publish=True)
