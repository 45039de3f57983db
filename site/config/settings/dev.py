"""For writing code: debug pages, an own data folder, mail into files."""

from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR, STORAGES

DEBUG = True
SECRET_KEY = "development only, never on a server"
ALLOWED_HOSTS = ["*"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
SMTP_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
DATA_DIR.mkdir(parents=True, exist_ok=True)
# Passkeys on this machine, without https.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
