"""The models of the core room."""

from core.models.images import LibraryDocument, LibraryImage, Rendition
from core.models.jobs import Job
from core.models.navigation import Navigation
from core.models.network import Network
from core.models.notices import Notice
from core.models.outbox import OutboxMessage
from core.models.terms import Audience, Term, Topic
from core.models.things import Thing, ThingQuerySet
from core.models.users import User

__all__ = [
    "Audience",
    "Job",
    "LibraryDocument",
    "LibraryImage",
    "Navigation",
    "Network",
    "Notice",
    "OutboxMessage",
    "Rendition",
    "Term",
    "Thing",
    "ThingQuerySet",
    "Topic",
    "User",
]
