"""Addresses that are no pages: sitemap, robots, search, the way to the catalogue."""

from django.urls import path

from home import catalogue, search, sitemap

site_urlpatterns = [
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("robots.txt", sitemap.robots, name="robots"),
]

urlpatterns = [
    path("search/", search.search, name="search"),
    # Below the search, where no page of the library can stand.
    path("search/catalogue/", catalogue.to_catalogue, name="catalogue"),
]
