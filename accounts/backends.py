"""Who is signed in: allauth's way to sign in, with a shorter way to the person at every later request."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from returns.kept_queries import KeptQuery

PERSON = KeptQuery(lambda pk: User.objects.filter(pk=pk))


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Every page asks for the person first, so that query is kept."""

    def get_user(self, user_id: int) -> User | None:
        """The person, None where they are gone or switched off."""
        user = PERSON.first(int(user_id))
        return user if user is not None and self.user_can_authenticate(user) else None
