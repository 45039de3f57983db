"""Addresses of the JSON API, by version."""

from django.urls import path

from branches.api import BranchList
from core.api import Description
from events.api import OccurrenceList

urlpatterns = [
    path("v1/occurrences/", OccurrenceList.as_view(), name="api_occurrences"),
    path("v1/branches/", BranchList.as_view(), name="api_branches"),
    path("v1/openapi.json", Description.as_view(), name="api_description"),
]
