"""Pictures of pages to share: their addresses, which only we can make, and their files, drawn once and kept.

An address carries a digest of all that its picture shows, and a seal: `/uk/shared/card/123-<digest><seal>.png`.
What was not issued here is refused before anything is read; what was, but shows no longer what holds, leads on to
what does. So nobody can have arbitrary pictures drawn, and a change of any word is a new address.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from PIL import Image

from core import card_drawing
from core.cards import Card, Photo
from core.labels import label_in
from core.models import LibraryImage
from core.page_cache import limit
from core.sites import network_for

if TYPE_CHECKING:
    from core.pages import BasePage

log = logging.getLogger(__name__)

FOLDER = "shared-pictures"
# Raised when the same values give another picture, so that nobody is sent the old one.
LOOK = 1
DIGITS = 16
UNFINISHED = ".part"
# Of so many bytes of kept files the least used go until this part is left.
PART_LEFT = 0.8
CARD = "card"

# So long somebody waits while others have their pictures drawn: whoever waits keeps a thread from serving pages.
PATIENCE = 3

_one_at_a_time = threading.Lock()


class Shown(Protocol):
    """All that a picture shows, as a dataclass of values: its `repr` says all of them.

    `photo` is the photograph that its drawing is given, `photos` are all that it shows.
    """

    @property
    def photo(self) -> Photo | None: ...

    @property
    def photos(self) -> tuple[Photo, ...]: ...


class BusyError(Exception):
    """Others wait already for their pictures to be drawn."""


@dataclass(frozen=True)
class Drawn:
    """The file of a picture, and whether it shows all that it should."""

    content: bytes
    is_whole: bool = True


@dataclass(frozen=True)
class Kind:
    """A kind of picture: what it shows of a page (None where the page has none now), and how it is drawn."""

    name: str
    ending: str
    content_type: str
    shows: Callable[[BasePage, Mapping[str, Any], HttpRequest], Any]
    draw: Callable[..., bytes]
    to_download: bool = False


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Let pages have a further kind of picture."""
    KINDS[kind.name] = kind


# --- What is shown ----------------------------------------------------------------------------------------------------


def plain_card(page: BasePage, context: Mapping[str, Any], request: HttpRequest, **more: Any) -> Card:
    """Return the card of a page: its title and the network's name, and what more it has to say."""
    network = network_for(request)
    name = label_in(network.name)
    return Card(
        **{
            "title": page.title,
            # The home page has the network's name, which needn't stand there twice.
            "network": "" if name == page.title else name,
            "accent": network.accent,
            "spines": str(page.translation_key),
            "photo": photo_of(first_shown(request, page.shared_images(context))),
        }
        | more
    )


def card_of(page: BasePage, context: Mapping[str, Any], request: HttpRequest) -> Card:
    """Return the card of the page that a request is about, made once for all that shows it."""
    made: dict[int, Card] = request.__dict__.setdefault("_cards", {})
    if page.pk not in made:
        made[page.pk] = page.get_card(context, request)
    return made[page.pk]


def first_shown(request: HttpRequest, images: Iterable[LibraryImage | None]) -> LibraryImage | None:
    """Return the first picture that readers may see, and let the page be kept only as long as they may."""
    found = next((image for image in images if image is not None and image.may_be_shown()), None)
    if found is not None:
        limit(request, found.shown_before)
    return found


def photo_of(image: LibraryImage | None) -> Photo | None:
    """Return what a drawing needs to know of a picture."""
    if image is None:
        return None
    known = Photo(image.pk, image.file_hash, _credit(image), image.shown_before)
    point = image.get_focal_point()
    if point is None or not image.width or not image.height:
        return known
    return replace(known, x=round(point.x / image.width, 4), y=round(point.y / image.height, 4))


def _credit(image: LibraryImage) -> str:
    """Return whose a picture is, as its caption on the page says it."""
    if not image.author:
        return ""
    return ", ".join(filter(None, [_("Picture: %(name)s") % {"name": image.author}, image.licence]))


def open_photo(photo: Photo | None) -> BinaryIO | None:
    """Return the file of a photograph; None where there is none, or its file is lost."""
    image = LibraryImage.objects.filter(pk=photo.pk).first() if photo else None
    try:
        return image.file.storage.open(image.file.name) if image else None
    except OSError:
        return None


register(
    Kind(
        name=CARD,
        ending="png",
        content_type="image/png",
        shows=card_of,
        draw=card_drawing.wide_card,
    )
)


# --- Addresses --------------------------------------------------------------------------------------------------------


def address_of(kind: Kind, page: BasePage, shown: Shown, *, part: str = "") -> str:
    """Return the path of a picture in the shown language; `part` is what is asked of the page, such as a date."""
    digest = digest_of(kind, shown)
    seal = _seal(kind.name, page.pk, part, digest)
    name = f"{page.pk}{f'.{part}' if part else ''}-{digest}{seal}.{kind.ending}"
    return reverse("shared_picture", args=[kind.name, name])


def digest_of(kind: Kind, shown: Shown) -> str:
    """Return a digest of all that a picture shows."""
    return hashlib.blake2b(f"{LOOK} {kind.name} {shown!r}".encode(), digest_size=DIGITS // 2).hexdigest()


def is_issued(kind: str, page_id: int, part: str, digest: str, seal: str) -> bool:
    """Return whether an address with these parts in the shown language was made here."""
    return constant_time_compare(seal, _seal(kind, page_id, part, digest))


def _seal(kind: str, page_id: int, part: str, digest: str) -> str:
    value = "\x1f".join((get_language() or "", kind, str(page_id), part, digest))
    return salted_hmac("core.sharing", value, algorithm="sha256").hexdigest()[:DIGITS]


# --- Files ------------------------------------------------------------------------------------------------------------


def content_of(kind: Kind, shown: Shown) -> Drawn:
    """Return the file of a picture, drawn if it isn't there: once for all who ask for it at the same time.

    Raises BusyError when too many others are waiting. A picture whose photograph can't be read now is drawn without
    it, and not kept.
    """
    folder = Path(settings.DATA_DIR) / FOLDER
    photos = "".join(f"{photo.pk}-" for photo in shown.photos)
    path = folder / f"-{photos}{digest_of(kind, shown)}.{kind.ending}"
    if content := _kept(path):
        return Drawn(content)
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise BusyError
    try:
        if content := _kept(path):
            return Drawn(content)
        drawn = _drawn(kind, shown)
        if drawn.is_whole:
            _write(path, drawn.content)
            _make_room(folder, keep=path)
    finally:
        _one_at_a_time.release()
    return drawn


def _drawn(kind: Kind, shown: Shown) -> Drawn:
    photo = open_photo(shown.photo)
    if photo is None:
        return Drawn(kind.draw(shown, None), is_whole=shown.photo is None)
    with photo:
        try:
            return Drawn(kind.draw(shown, photo))
        except (OSError, Image.DecompressionBombError):  # Pillow's own error for what is no picture is an OSError, too
            log.exception("The photograph %s can't be drawn.", shown.photo and shown.photo.pk)
    return Drawn(kind.draw(shown, None), is_whole=False)


def forget(image_id: int) -> None:
    """Delete the kept files that show a photograph."""
    for path in (Path(settings.DATA_DIR) / FOLDER).glob(f"*-{image_id}-*"):
        path.unlink(missing_ok=True)


def _kept(path: Path) -> bytes | None:
    """Return what a file holds that is there, and note that it was wanted."""
    try:
        os.utime(path)
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(path: Path, content: bytes) -> None:
    """Write a file as a whole: who reads it meanwhile sees all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=UNFINISHED)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _files_in(folder: Path) -> Iterator[tuple[os.stat_result, Path]]:
    """Yield the finished files; other processes may take some away meanwhile."""
    for entry in os.scandir(folder):
        if not entry.name.endswith(UNFINISHED):
            with suppress(FileNotFoundError):
                yield entry.stat(), Path(entry.path)


def _make_room(folder: Path, *, keep: Path) -> None:
    """Delete the files that were not wanted for longest where all together are larger than they may be."""
    files = list(_files_in(folder))
    total, most = sum(stat.st_size for stat, _path in files), settings.SHARED_PICTURES_BYTES
    if total <= most:
        return
    for stat, path in sorted(files, key=lambda file: file[0].st_mtime):
        if total <= most * PART_LEFT:
            return
        if path != keep:
            path.unlink(missing_ok=True)
            total -= stat.st_size
