"""What the environment says: every variable the settings read goes through here."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]


def text(name: str, default: str = "") -> str:
    """Return the variable's text; one that is empty counts as unset."""
    return os.environ.get(name, "").strip() or default


def words(name: str, default: str = "") -> list[str]:
    """Return the parts of a comma-separated variable; raise ImproperlyConfigured when it has commas and no parts."""
    value = text(name, default)
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if value and not parts:
        raise ImproperlyConfigured(f"{name} has commas with nothing between them.")
    return parts


def flag(name: str, *, default: bool = False) -> bool:
    """Return whether the variable says yes (1, true, yes, on)."""
    value = text(name).lower()
    return value in {"1", "true", "yes", "on"} if value else default


def number(name: str, default: int) -> int:
    """Return the variable as a whole number; raise ImproperlyConfigured when it is something else."""
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def required(name: str, why: str) -> str:
    """Return the variable or refuse to start with a sentence that says why it is needed."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"Set {name}: {why}")
    return value


def required_words(name: str, why: str) -> list[str]:
    """Return the parts of a comma-separated variable or refuse to start with a sentence that says why it is needed."""
    required(name, why)
    return words(name)


def data_dir() -> Path:
    """Return the folder of everything that is not code: database, media, generated files."""
    return Path(text("CHITALNYA_DATA_DIR") or ROOT / "var" / "dev")


SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
    "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY"
)


def database(folder: Path) -> dict:
    """Return Django's database entry: SQLite in `folder`, or DATABASE_URL (postgres://user:password@host:port/name)."""
    url = text("DATABASE_URL")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "chitalnya.sqlite3",
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// (leave it out for SQLite).")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def caches(folder: Path) -> dict:
    """Return Django's caches: files in `folder` that one machine's processes share, or the Redis of CACHE_URL."""
    url = text("CACHE_URL")
    if url:
        return {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}}
    return {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": folder / "cache",
            "OPTIONS": {"MAX_ENTRIES": 5000},
        }
    }


def email(prefix: str = "EMAIL_URL") -> dict[str, object]:
    """Return Django's EMAIL_* settings from an address such as smtp+tls://user:password@host:587."""
    parts = urlsplit(text(prefix) or "smtp://localhost:25")
    if parts.scheme not in {"smtp", "smtp+tls", "smtps"}:
        raise ImproperlyConfigured(f"{prefix} must begin with smtp://, smtp+tls:// or smtps://.")
    return {
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }
