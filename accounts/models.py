"""People who sign in. What they buy and owe belongs to returns.CustomerAccount, one for each storefront."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from accounts.names import display_name, short_name
from accounts.roles import Role


class UserManager(BaseUserManager["User"]):
    """Creates people by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person with this address; without a password they can sign in only after a reset."""
        if not email:
            raise ValueError("A user needs an email address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by address, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address and has one role."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role], default="customer")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # A few among hundreds of thousands; every page of the queue names the colleagues.
            models.Index(fields=["id"], condition=~models.Q(role="customer"), name="user_employed"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_its_case"),
            models.CheckConstraint(
                condition=models.Q(role__in=["customer", "support", "manager", "administrator"]),
                name="user_role_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_staff(self) -> bool:
        """True for support staff and managers."""
        return Role(self.role).is_staff

    @property
    def is_customer(self) -> bool:
        """True for whoever buys; everybody else is employed here."""
        return Role(self.role).is_customer

    @property
    def display_name(self) -> str:
        """The name where there is one, else the part of the address before the @."""
        return display_name(self.name, self.email)

    def get_full_name(self) -> str:
        """What libraries print for a person."""
        return self.display_name

    def get_short_name(self) -> str:
        """`Renee O.`: a first name and an initial, as the desk shows colleagues."""
        return short_name(self.name, self.email)


class StaffMembership(models.Model):
    """A member of staff works for this storefront; they see no other."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    storefront = models.ForeignKey("returns.Storefront", on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "storefront"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.storefront}"


class Attempt(models.Model):
    """Something a limit counts (accounts/limits.py): a look-up, a failed sign-in, a mail. Kept for a day.

    `bucket` is a keyed hash of whom it counts; no address is kept.
    """

    limit = models.CharField(max_length=40)
    bucket = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["limit", "bucket", "at"], name="attempt_bucket"),
            models.Index(fields=["at"], name="attempt_at"),
        ]

    def __str__(self) -> str:
        return f"{self.limit} {self.at:%Y-%m-%d %H:%M:%S}"


class AddressChange(models.Model):
    """A new sign-in address that somebody asked for and hasn't confirmed. At most one each: a later one replaces it.

    The id makes the token of the mailed link (returns/tokens.py), so asking again ends the earlier link.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="address_change")
    email = models.EmailField(max_length=254)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"new address of user {self.user_id}"


class Invitation(models.Model):
    """Somebody was asked to work here and hasn't chosen a password yet. At most one each: a later one replaces it.

    The id makes the token of the mailed link (returns/tokens.py), so inviting again ends the earlier link.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="invitation")
    invited_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"invitation of user {self.user_id}"


class StaffChange(models.Model):
    """What an administrator did to a person who works here, append-only: role and storefronts as they are since.

    `actor` is empty where it was done on the command line. Keys and codes only, never a name or an address (D7).
    """

    INVITED, CHANGED, DISABLED, ENABLED = "invited", "changed", "disabled", "enabled"

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff_changes")
    actor = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=16)
    role = models.CharField(max_length=16)
    storefronts = ArrayField(models.SlugField(max_length=60), default=list, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(action__in=["invited", "changed", "disabled", "enabled"]),
                name="staff_change_action_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.action}"
