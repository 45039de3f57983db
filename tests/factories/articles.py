"""Makes articles by the thousand, as they would be after publishing."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from home.demo.pages import indexing_later
from news.models import Article, ArticlePage


def many_articles(library, count: int, *, newest: datetime, apart: timedelta = timedelta(hours=6)) -> list[Article]:
    """Add articles below the index of news, each so much older than the one before; return them, the newest first."""
    times = [newest - apart * number for number in range(count)]
    index = Page.objects.get(pk=library.news.pk)
    rows = [_row(index, number, at) for number, at in enumerate(times, start=index.numchild + 1)]
    Page.objects.bulk_create(rows, batch_size=50)
    with indexing_later():
        for row in rows:
            values = {field.attname: getattr(row, field.attname) for field in Page._meta.concrete_fields}
            page = ArticlePage(page_ptr_id=row.pk, lead="One of many.", **values)
            page.save_base(raw=True, force_insert=True)
    Page.objects.filter(pk=index.pk).update(numchild=index.numchild + count)
    things = [
        Article(
            key=row.slug,
            site=library.site,
            translation_key=row.translation_key,
            source_page=row,
            is_public=True,
            published_at=at,
        )
        for row, at in zip(rows, times, strict=True)
    ]
    return Article.objects.bulk_create(things, batch_size=50)


def _row(index: Page, number: int, at: datetime) -> Page:
    slug = f"article-{number}"
    return Page(
        path=Page._get_path(index.path, index.depth + 1, number),
        depth=index.depth + 1,
        slug=slug,
        title=f"Article {number}",
        draft_title=f"Article {number}",
        url_path=f"{index.url_path}{slug}/",
        locale=index.locale,
        translation_key=uuid4(),
        content_type=ContentType.objects.get_for_model(ArticlePage),
        live=True,
        first_published_at=at,
        last_published_at=at,
    )
