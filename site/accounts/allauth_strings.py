"""Texts of allauth, and of Django where its catalogues have gaps, that visitors can meet.

They stand here so that our catalogue gets them: allauth has none for Macedonian, and its Ukrainian has gaps. Nothing
imports the names; the texts must be exactly those of the source, which a test holds against the installed versions.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

# --- Labels of allauth's forms, and the ways to show once more who one is -----------------------------------------

LABELS = (
    gettext_noop("Authenticator code"),
    gettext_noop("Code"),
    gettext_noop("Current Password"),
    gettext_noop("Email"),
    gettext_noop("New Password"),
    gettext_noop("New Password (again)"),
    gettext_noop("Password"),
    gettext_noop("Password (again)"),
    gettext_noop("Use a security key"),
    gettext_noop("Use authenticator app or code"),
    gettext_noop("Use your password"),
)

# --- Names that allauth proposes for new security keys ------------------------------------------------------------

KEY_NAMES = (
    gettext_noop("Master key"),
    gettext_noop("Backup key"),
    # Translators: {number} is 3, 4, 5 ...
    gettext_noop("Key nr. {number}"),
)

# --- What allauth's forms say when something is wrong -------------------------------------------------------------

ERRORS = (
    gettext_noop("A user is already registered with this email address."),
    gettext_noop("Be patient, you are sending too many requests."),
    gettext_noop("Incorrect code."),
    gettext_noop("Incorrect password."),
    gettext_noop("Please type your current password."),
    gettext_noop("The email address and/or password you specified are not correct."),
    gettext_noop("This email address is already associated with this account."),
    gettext_noop("Too many failed login attempts. Try again later."),
    gettext_noop("You cannot activate two-factor authentication until you have verified your email address."),
    gettext_noop("You cannot generate recovery codes without having two-factor authentication enabled."),
    gettext_noop("You must type the same password each time."),
)

# --- What Django says in these forms, but not in Macedonian -------------------------------------------------------

DJANGO = (
    gettext_noop("Enter a valid JSON."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        0,
    ),
    gettext_noop("Your password can’t be a commonly used password."),
    gettext_noop("Your password can’t be too similar to your other personal information."),
)
