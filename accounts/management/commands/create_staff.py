"""Make somebody a member of staff, or change what they are."""

import getpass
import os
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts import mails, people
from accounts.models import User
from accounts.roles import Role
from returns.models import Storefront
from returns.services.errors import Refused

STAFF_ROLES = [role.value for role in Role if not role.is_customer]
PASSWORD_VARIABLE = "STAFF_PASSWORD"  # noqa: S105  the variable's name


class Command(BaseCommand):
    help = (
        "Makes a member of staff with this role at these storefronts, or changes an existing one to exactly that; "
        "or an administrator, who works for none. "
        f"The password of a new one is that of the variable {PASSWORD_VARIABLE}; without it you are asked for one; "
        "an empty answer, or no terminal, sends them a link by mail to choose their own."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="what they sign in with")
        parser.add_argument("--role", required=True, choices=STAFF_ROLES)
        parser.add_argument("--storefront", default=[], action="append", metavar="SLUG", help="may be repeated")
        parser.add_argument("--name", default="", help="as colleagues see it, such as “Renee Okafor”")

    def handle(self, *_args: Any, **options: Any) -> None:
        if (options["role"] == Role.ADMINISTRATOR) == bool(options["storefront"]):
            raise CommandError("Support and managers need a --storefront, administrators have none.")
        email = self._email(options["email"])
        storefronts = self._storefronts(options["storefront"])
        password = os.environ.get(PASSWORD_VARIABLE, "")
        if password:
            self._refuse_weak(password, email)
        try:
            user, is_new = people.make_staff(
                email=email, role=Role(options["role"]), storefronts=storefronts, name=options["name"]
            )
        except Refused as refused:
            raise CommandError(refused.message) from refused
        where = f" at {', '.join(storefront.slug for storefront in storefronts)}" if storefronts else ""
        self.stdout.write(f"{user.email} is {user.role}{where}{'' if is_new else ' (was there already)'}.")
        if not user.is_active:
            self.stdout.write("They are disabled; `disable_person EMAIL --enable` lets them sign in again.")
        elif password or is_new:
            self._give_password(user, password)

    def _email(self, text: str) -> str:
        email = text.strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{text} is not an email address.") from error
        return email

    def _storefronts(self, slugs: list[str]) -> list[Storefront]:
        found = {storefront.slug: storefront for storefront in Storefront.objects.all()}
        if unknown := [slug for slug in slugs if slug not in found]:
            there_are = ", ".join(found) or "none yet; run setup_storefronts first"
            raise CommandError(f"No storefront is called {', '.join(unknown)}. There are: {there_are}.")
        return [found[slug] for slug in dict.fromkeys(slugs)]

    def _give_password(self, user: User, password: str) -> None:
        password = password or self._ask(user)
        if password:
            user.set_password(password)
            user.save(update_fields=["password"])
            self.stdout.write("Their password is set; sessions they had have ended.")
        else:
            mails.owe_reset(user)
            self.stdout.write("They get a mail with a link to choose a password. It works for one hour.")

    def _ask(self, user: User) -> str:
        if not sys.stdin.isatty():
            return ""
        password = getpass.getpass("Password (empty: mail them a link): ")
        if password:
            self._refuse_weak(password, user.email)
            if getpass.getpass("Again: ") != password:
                raise CommandError("The two passwords differ. The person is there; run this again to set one.")
        return password

    def _refuse_weak(self, password: str, email: str) -> None:
        try:
            validate_password(password, User(email=email))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
