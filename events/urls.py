"""Addresses of feeds and of the ways to them, below a language."""

from django.urls import path

from events import atom_feed, embedding, feeds, printing, subscribing

urlpatterns = [
    path("events/feed.ics", feeds.feed, name="events_feed"),
    path("events/feed.atom", atom_feed.feed, name="events_atom"),
    path("events/subscribe/", subscribing.subscribe, name="subscribe"),
    path("events/embed/", embedding.embed, name="events_embed"),
    path("cal/<str:code>.ics", feeds.short_feed, name="short_feed"),
    path("cal/<str:code>.svg", subscribing.calendar_code, name="calendar_code"),
    path("cal/<str:code>.pdf", subscribing.door_card, name="door_card"),
    path("cal/<str:code>/", subscribing.short_subscribe, name="short_subscribe"),
    path("events/<uuid:uid>.ics", feeds.occurrence, name="occurrence_feed"),
    path("events/<uuid:uid>.svg", printing.event_code, name="event_code"),
    path("events/programme/", printing.programme, name="programme"),
]
