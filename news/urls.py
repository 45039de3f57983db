"""Addresses of feeds, below a language."""

from django.urls import path

from news import feeds

urlpatterns = [
    path("news/feed.atom", feeds.feed, name="news_feed"),
]
