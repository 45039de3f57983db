"""For `make run`: a production server on this machine with the demo network, its data in a folder of its own."""

import os
import secrets

from config import environment as env

os.environ.setdefault("CHITALNYA_DATA_DIR", str(env.ROOT / "var" / "demo"))

from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR

DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *env.words("ALLOWED_HOSTS")]
DATA_DIR.mkdir(parents=True, exist_ok=True)
_key_file = DATA_DIR / "secret_key"
if not _key_file.exists():
    _key_file.write_text(secrets.token_urlsafe(50))
    _key_file.chmod(0o600)
SECRET_KEY = _key_file.read_text()
SMTP_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
PAGE_CACHE_DEBUG_HEADER = True
SERVE_MEDIA = True
# Passkeys on this machine, without https.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
