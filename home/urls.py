"""Addresses that are no pages: sitemap, robots, search."""

from django.urls import path

from home import search, sitemap

site_urlpatterns = [
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("robots.txt", sitemap.robots, name="robots"),
]

urlpatterns = [
    path("search/", search.search, name="search"),
]
