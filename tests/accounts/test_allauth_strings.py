"""The texts of allauth that visitors see are in our catalogue, and all others are known not to be seen."""

import ast
from pathlib import Path

import allauth
import django

import accounts.allauth_strings as strings
from scripts.extraction import python_messages

ALLAUTH = Path(allauth.__file__).parent
ROOMS = ("account", "core", "mfa", "usersessions")

NEVER_SHOWN = {
    # user names and telephone numbers, which we don't have
    "A user is already registered with this phone number.",
    "Email or phone",
    "Enter a phone number including country code (e.g. +1 for the US).",
    "Phone",
    "The phone number and/or password you specified are not correct.",
    "The phone number is not assigned to any user account.",
    "The username and/or password you specified are not correct.",
    "Username",
    "Username (optional)",
    "Username can not be used. Please use other username.",
    "Username or email",
    "Username or phone",
    "Username, email or phone",
    "Please select only one.",
    # placeholders, and labels that our forms replace
    "Email address",
    "Email address confirmation",
    (
        "Enabling passwordless operation allows you to sign in using just this key, but imposes additional "
        "requirements such as biometrics or PIN protection."
    ),
    "Forgot your password?",
    "Login",
    "Passwordless",
    "Remember Me",
    # fields and ways that our settings leave out
    "Email (again)",
    "Email (optional)",
    "Invalid login.",
    "Invalid or expired key.",
    "The email address is not assigned to any user account.",
    "The new value must be different from the current one.",
    "The password reset token was invalid.",
    "You cannot add an email address to an account protected by two-factor authentication.",
    "You cannot add more than %d email addresses.",
    "You cannot deactivate two-factor authentication.",
    "You cannot remove your primary email address.",
    "You must type the same email each time.",
    "Your primary email address must be verified.",
    # said by a page of ours
    "This account is currently inactive.",
    # names of applications, models, fields and choices
    "Accounts",
    "Failed to mark {email} as verified.",
    "MFA",
    "Mark selected email addresses as verified",
    "Marked {email} as verified.",
    "Recovery codes",
    "TOTP Authenticator",
    "User Sessions",
    "WebAuthn",
    "created",
    "email address",
    "email addresses",
    "email confirmation",
    "email confirmations",
    "key",
    "primary",
    "sent",
    "session key",
    "user",
    "verified",
}


def modules(folder):
    return [file for file in folder.rglob("*.py") if not {"migrations", "tests"} & set(file.parts)]


def texts_of_allauth():
    return {
        message.text
        for room in ROOMS
        for file in modules(ALLAUTH / room)
        for message in python_messages(file.read_text(encoding="utf-8"), file.name)
    }


def texts_marked_here(*, django_too):
    source = Path(strings.__file__).read_text(encoding="utf-8")
    marked = {message.text: message.plural for message in python_messages(source, "allauth_strings.py")}
    of_django = {text for text in marked if text not in {*strings.LABELS, *strings.KEY_NAMES, *strings.ERRORS}}
    return marked if django_too else {text: plural for text, plural in marked.items() if text not in of_django}


def test_every_marked_text_of_allauth_still_exists_in_its_source():
    assert set(texts_marked_here(django_too=False)) - texts_of_allauth() == set()


def test_every_text_of_allauth_is_marked_or_known_not_to_be_shown():
    assert texts_of_allauth() - set(texts_marked_here(django_too=False)) == NEVER_SHOWN


def test_every_marked_text_of_django_still_exists_in_its_source():
    folder = Path(django.__file__).parent
    files = [folder / "forms/fields.py", folder / "contrib/auth/password_validation.py"]
    constants = {
        node.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    }
    marked = texts_marked_here(django_too=True)
    of_django = {text: plural for text, plural in marked.items() if text not in texts_marked_here(django_too=False)}

    assert len(of_django) == len(strings.DJANGO)
    assert {*of_django, *filter(None, of_django.values())} - constants == set()
