"""Short answers come from the shop's own data, with its own contacts; a shop without any still answers."""

import re

import pytest
from django.utils.translation import override

from returns.domain.storefront import PLACEHOLDERS, SHIPPED, Place, load_storefronts
from returns.models import Storefront
from returns.services.storefronts import _defaults
from returns.wording.help import care_of, help_topics, how_to_reach

SETTINGS = {slug: settings for slug, (settings, _) in load_storefronts(SHIPPED).items()}
SPA, IMAGE, PRO = "le-petit-spa", "image-consumer", "image-professional"


def shop(slug: str, **fields: object) -> Storefront:
    return Storefront(slug=slug, **{**_defaults(SETTINGS[slug]), **fields})


def told(storefront: Storefront, place: str) -> str:
    return "\n".join(f"{topic.title}: {topic.text}" for topic in help_topics(storefront, place))


@pytest.mark.parametrize("slug", SETTINGS)
@pytest.mark.parametrize("place", Place)
def test_every_shop_answers_at_every_place_with_nothing_left_to_fill_in(slug: str, place: Place) -> None:
    topics = help_topics(shop(slug), place)
    assert topics
    assert not any(re.search(r"[{}]", topic.title + topic.text) for topic in topics)


@pytest.mark.parametrize("slug", SETTINGS)
def test_contacts_are_left_to_the_settings_and_the_wording_is_the_houses(slug: str) -> None:
    for topic in SETTINGS[slug].help:
        words = f"{topic.title} {topic.text}"
        assert not re.search(r"\d{3}.\d{4}|@", words)
        assert not re.search(r"please|unfortunately|kindly|!|approve|parcel", words, re.IGNORECASE)


def test_le_petit_spa_says_what_it_asks_first_and_never_refund() -> None:
    words = told(shop(SPA), "landing") + told(shop(SPA), "order")
    assert "Ask first. You get the address with our answer" in words  # LPS-12
    assert "account number, email address, phone number, the order number" in words  # LPS-11
    assert "call 980-216-1527, Mon–Fri, 9 am–5 pm Eastern, except holidays" in words  # LPS-10, LPS-34
    assert "USPS, UPS or FedEx, and insure the package" in words  # LPS-20, LPS-21
    assert "We can't answer for a package that is lost" in words  # LPS-22
    assert "refund" not in words.lower()


def test_image_tells_how_orders_and_accounts_are_changed() -> None:
    image = shop(IMAGE)
    assert "under “Returning Customers”" in told(image, "sign_in")  # CON-02
    account = told(image, "account")
    assert "autoship orders: That one is changed by phone: 1-855-791-5800" in account  # CON-04
    assert "newsletter field" in account  # CON-05
    assert "unsubscribe link" in account  # CON-06
    order = told(image, "order")
    assert "While we are closed, write to customercare@imageskincare.com." in order  # CON-07
    assert "two business days" in order  # CON-08, CON-09
    assert "within 1 hour after you ordered" in order  # CON-11
    assert "the front and the back porch" in order  # CON-12
    assert "Ask the carrier to hold the package" in order  # CON-13
    assert "FedEx sends them" in order  # CON-14
    assert "your account number and your RMA number ready" in told(image, "landing")  # CON-34


def test_image_pro_tells_what_only_its_people_can_do() -> None:
    pro = shop(PRO)
    assert "“Forgot your password?”" in told(pro, "sign_in")  # PRO-01, PRO-02
    assert "isn't recognized" in told(pro, "sign_in")  # PRO-03
    account = told(pro, "account")
    assert "We keep your account data for you. Call (800) 796-7546" in account  # PRO-04
    assert "your new license" in account  # PRO-05
    assert "tax exempt" in account  # PRO-07
    order = told(pro, "order")
    assert "at the foot of the shipping email" in order  # PRO-08, PRO-09
    assert "goes to our fulfillment center at once" in order  # PRO-10
    assert "emailed to you when the order ships. For a copy" in order  # PRO-11, PRO-12
    assert "can't be canceled" in order  # PRO-13
    assert "Ask for a return here, day and night." in order  # PRO-14
    assert "APO and FPO" in order  # PRO-15


def test_an_answer_whose_contact_the_shop_lacks_is_left_out() -> None:
    silent = shop(IMAGE, phone="", email="", opening_hours={})
    assert help_topics(silent, "order")
    assert not any(f"{{{name}}}" in told(silent, "order") for name in PLACEHOLDERS)
    assert "Cancel an order" not in told(silent, "order")


def test_a_shop_without_answers_of_its_own_gets_the_general_ones() -> None:
    bare = shop(PRO, help_topics=[])
    assert "Change or cancel an order" in told(bare, "landing")
    assert "We keep your account data for you." in told(bare, "account")
    assert "Forgot password?" in told(bare, "sign_in")
    assert "You can't sign in" not in told(bare, "order")


def test_who_to_reach_is_said_with_what_there_is() -> None:
    assert how_to_reach(shop(SPA)) == "Call 980-216-1527 or write to customerservice@lepetitspacharlotte.com."
    assert how_to_reach(shop(SPA, email="")) == "Call 980-216-1527."
    assert how_to_reach(shop(SPA, phone="", email="")) == "Ask the shop."


def test_care_has_a_name_in_every_language_and_at_every_shop() -> None:
    assert care_of(shop(IMAGE)) == "Customer Care"
    assert care_of(shop(IMAGE, care_name="")) == f"{SETTINGS[IMAGE].name} customer care"
    with override("es"):
        assert "Customer" not in care_of(shop(IMAGE))
