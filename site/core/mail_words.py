"""What went wrong with a mail, in a sentence for whoever looks after the site."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The names of errors as `core.outbox` stores them before the colon, from the library's `smtplib` and `socket`.
SENTENCES = {
    "ConnectionRefusedError": gettext_lazy("The mail server does not answer at this port."),
    "ConnectionResetError": gettext_lazy("The mail server broke off the connection."),
    "SMTPServerDisconnected": gettext_lazy("The mail server broke off the connection."),
    "SMTPConnectError": gettext_lazy("The mail server does not accept the connection."),
    "SMTPHeloError": gettext_lazy("The mail server does not accept the connection."),
    "gaierror": gettext_lazy("There is no mail server of this name, or no way to it."),
    "OSError": gettext_lazy("There is no way to the mail server."),
    "TimeoutError": gettext_lazy("The mail server took too long to answer."),
    "SMTPAuthenticationError": gettext_lazy("The mail server does not accept the user name or the password."),
    "SMTPNotSupportedError": gettext_lazy("The mail server does not offer what the settings ask for."),
    "SMTPSenderRefused": gettext_lazy("The mail server does not accept the sender's address."),
    "SMTPRecipientsRefused": gettext_lazy("The mail server does not accept the recipient's address."),
    "SMTPDataError": gettext_lazy("The mail server does not accept this mail."),
    "SSLError": gettext_lazy("The secure connection failed: port and kind of security do not fit."),
    "SSLCertVerificationError": gettext_lazy("The certificate of the mail server is not valid for its name."),
}


def error_words(error: str) -> str:
    """Return a stored error as a sentence; what is not known stays as it was stored."""
    name = error.partition(":")[0].strip()
    if name in SENTENCES:
        return str(SENTENCES[name])
    return error if error else _("Not tried yet.")


def error_details(error: str) -> str:
    """Return what the mail server said itself, where `error_words` says it in other words."""
    name, _colon, said = error.partition(":")
    return said.strip() if name.strip() in SENTENCES else ""
