"""For tests: fast hashes, plain static files, mail through the real outbox, a throw-away data folder."""

import os
import tempfile
from pathlib import Path

_folder = os.environ.setdefault("CHITALNYA_DATA_DIR", tempfile.mkdtemp(prefix="chitalnya-test-"))

from config.settings.base import *  # noqa: E402, F403
from config.settings.base import DATABASES, STORAGES  # noqa: E402

DEBUG = False
SECRET_KEY = "tests only"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
SERVE_MEDIA = True
PAGE_CACHE_DEBUG_HEADER = True
SMTP_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Threads and processes of a test must see one database: a file, not memory.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_folder) / "test.sqlite3")}
# Tests run in transactions that never commit, so nothing would drop a kept page; its own tests switch it on.
PAGE_CACHE = False
