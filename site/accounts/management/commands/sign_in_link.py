"""Print a link that signs somebody in once, for when no mail arrives."""

from argparse import ArgumentParser
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from accounts.domain.sign_in_links import make_token
from core.models import User

LONGEST_MINUTES = 24 * 60


class Command(BaseCommand):
    help = "Print a link that signs somebody in once. A second factor is still asked for where one is set up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the mail address of the account")
        parser.add_argument("--minutes", type=int, default=30, help="how long the link is good for (30)")
        parser.add_argument(
            "--forget-second-factor",
            action="store_true",
            help="remove the authenticator app, security keys and recovery codes of the account: the phone is lost",
        )

    def handle(self, *, email: str, minutes: int, forget_second_factor: bool, **options) -> None:
        if not 1 <= minutes <= LONGEST_MINUTES:
            raise CommandError(f"--minutes must be between 1 and {LONGEST_MINUTES}.")
        user = User.objects.filter(email__iexact=email.strip()).first()
        if user is None:
            raise CommandError(f"No account has the mail address {email}.")
        if not user.is_active:
            raise CommandError(f"The account {email} is switched off.")
        if forget_second_factor:
            Authenticator.objects.filter(user=user).delete()
            self.stderr.write(f"The second factor of {email} is removed.")
        token = make_token(user, until=timezone.now() + timedelta(minutes=minutes))
        path = reverse("accounts_sign_in_link", args=[token])
        self.stdout.write(f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}")
