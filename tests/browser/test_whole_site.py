"""Whether any page was forgotten: runs after all other browser tests, and only with all of them."""

import pytest

from returns.components import STATUS_LOOKS
from returns.domain.workflow import Status
from tests.browser.site_map import NOT_PAGES, pages
from tests.browser.watch import Gallery

pytestmark = pytest.mark.browser

ENDINGS = {"Processed", "Credited", "Replaced", "Never arrived"}


@pytest.mark.after_all
def test_every_address_that_shows_a_page_was_looked_at(gallery: Gallery) -> None:
    assert sorted(pages() - gallery.names) == [], "never seen in a browser"


@pytest.mark.after_all
def test_a_customer_saw_every_state_of_a_return(gallery: Gallery) -> None:
    words = {look.word() for status, look in STATUS_LOOKS.items() if status is not Status.COMPLETED} | ENDINGS
    assert sorted(words - gallery.states) == [], "never seen by a customer"


@pytest.mark.after_all
def test_what_is_said_to_be_no_page_shows_none(gallery: Gallery) -> None:
    assert sorted(NOT_PAGES.keys() & gallery.names) == [], "these show a page after all"
