"""What a storefront says about everything that isn't a return (CON-02…14, PRO-01…15, LPS-10…22, RES-39)."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from returns.domain.storefront import Place
from returns.models import Storefront
from returns.wording.hours import weekly_hours
from returns.wording.phrases import capital, listing, policy_text
from returns.wording.policies import Fact


def help_topics(storefront: Storefront, place: str = Place.LANDING) -> tuple[Fact, ...]:
    """The short answers for a place (`landing`, `order`, `sign_in`, `account`), in the shop's own words if it has any.

    An answer that needs a contact which the shop doesn't have is left out.
    """
    if not storefront.help_topics:
        return tuple(fact for fact, places in _for_every_shop(storefront) if place in places)
    contacts = _contacts(storefront)
    return tuple(
        Fact(_filled(topic["title"], contacts), _filled(topic["text"], contacts))
        for topic in storefront.help_topics
        if place in topic["places"] and not _lacks(topic["title"] + topic["text"], contacts)
    )


def care_of(storefront: Storefront) -> str:
    """`IMAGE Skincare customer care`: what those are called who answer for the shop."""
    return policy_text(storefront.care_name) or _("%(shop)s customer care") % {"shop": storefront.name}


def _contacts(storefront: Storefront) -> Mapping[str, str]:
    return {
        "{phone}": storefront.phone,
        "{email}": storefront.email,
        "{hours}": weekly_hours(storefront.service_hours),
    }


def _lacks(text: str, contacts: Mapping[str, str]) -> bool:
    return any(name in text and not contact for name, contact in contacts.items())


def _filled(text: str, contacts: Mapping[str, str]) -> str:
    filled = policy_text(text)
    for name, contact in contacts.items():
        filled = filled.replace(name, contact)
    return filled


def _for_every_shop(storefront: Storefront) -> Iterator[tuple[Fact, tuple[Place, ...]]]:
    """What holds at any shop, for those that have written nothing of their own."""
    reach = how_to_reach(storefront)
    shopping, person = (Place.LANDING, Place.ORDER), (Place.LANDING, Place.ACCOUNT)
    yield (
        Fact(
            _("Change or cancel an order"),
            _("That isn't done here, and a return can't replace it. %(reach)s") % {"reach": reach},
        ),
        shopping,
    )
    yield (
        Fact(
            _("Where is my package?"),
            _("Your order's page shows the tracking number as soon as the order has shipped."),
        ),
        shopping,
    )
    yield (
        Fact(
            _("It says delivered, and nothing is here"),
            _("Look around the door and ask your neighbors first. %(reach)s") % {"reach": reach},
        ),
        shopping,
    )
    yield Fact(_("Your account"), _account(storefront, reach)), person
    yield (
        Fact(
            _("You can't sign in"),
            _("Choose “Forgot password?” on the sign-in page. If that doesn't help: %(reach)s")
            % {"reach": f"{reach[:1].lower()}{reach[1:]}"},
        ),
        (Place.LANDING, Place.SIGN_IN),
    )


def _account(storefront: Storefront, reach: str) -> str:
    if storefront.account_self_service:
        return _("You change your password here yourself, and your address in the shop's own account pages.")
    return _("We keep your account data for you. %(reach)s") % {"reach": reach}


def how_to_reach(storefront: Storefront) -> str:
    """`Call 980-216-1527 or write to …`, with what the storefront has."""
    ways = []
    if storefront.phone:
        ways.append(_("call %(phone)s") % {"phone": storefront.phone})
    if storefront.email:
        ways.append(_("write to %(email)s") % {"email": storefront.email})
    if not ways:
        return _("Ask the shop.")
    return f"{capital(listing(ways, 'or'))}."
