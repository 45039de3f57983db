"""Addresses of feeds, below a language."""

from django.urls import path

from events import feeds

urlpatterns = [
    path("events/feed.ics", feeds.feed, name="events_feed"),
    path("events/<uuid:uid>.ics", feeds.occurrence, name="occurrence_feed"),
]
