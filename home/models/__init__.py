"""The models of the home room."""

from home.models.pages import HomePage, MissionPage, PlainPage

__all__ = ["HomePage", "MissionPage", "PlainPage"]
