"""How often somebody may try to sign in.

Guesses are counted where they come from, so that nobody can lock somebody else out; and for each account altogether,
so that many places together cannot guess for ever (B5). Who has been locked out gets in by a new password.
"""

from datetime import timedelta

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_

from accounts.clients import client_address
from accounts.limits import Count, Limit, same_mailbox

PER_PERSON_AND_PLACE = Limit("sign-in, person and place", 10, timedelta(minutes=15))
PER_PLACE = Limit("sign-in, place", 50, timedelta(hours=1))
PER_PERSON = Limit("sign-in, person", 100, timedelta(days=1))
SIGN_UPS_PER_PLACE = Limit("sign-up, place", 50, timedelta(hours=1))
ADDRESS_CHANGES = Limit("address change, person", 10, timedelta(hours=1))
RESETS_PER_PLACE = Limit("password reset, place", 50, timedelta(hours=1))
OLD_PASSWORDS = Limit("current password", 10, timedelta(minutes=15))

TOO_MANY = N_("Too many tries. Wait 15 minutes, or get a new password by email.")


def counts(request: HttpRequest, email: str) -> list[Count]:
    """Everything that one attempt to sign in counts towards."""
    return [*counts_of_account(request, email), Count(PER_PLACE, client_address(request))]


def counts_of_account(request: HttpRequest, email: str) -> list[Count]:
    """What stands between this person, here, and their account."""
    mailbox = same_mailbox(email)
    return [Count(PER_PERSON_AND_PLACE, f"{client_address(request)} {mailbox}"), Count(PER_PERSON, mailbox)]
