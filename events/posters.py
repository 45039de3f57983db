"""What the poster of an event shows, as values."""

from __future__ import annotations

from dataclasses import dataclass

from core.cards import Card, Photo


@dataclass(frozen=True)
class Poster:
    """The card of an event and what else hangs on the wall; `facts` are labels with their lines, the place first."""

    card: Card
    language: str
    lead: str
    dates_label: str
    dates: tuple[str, ...]
    more: str
    facts: tuple[tuple[str, str], ...]
    address: str
    logo: Photo | None = None

    @property
    def photo(self) -> Photo | None:
        """The event's photograph."""
        return self.card.photo

    @property
    def photos(self) -> tuple[Photo, ...]:
        """The event's photograph and the network's logo, as far as it has them."""
        return tuple(photo for photo in (self.card.photo, self.logo) if photo)
