"""The watch itself: each kind of defect, put into a real page, is noticed."""

import pytest

from tests.browser.watch import Bad
from tests.browser.window import Window

pytestmark = pytest.mark.browser

DEFECTS = {
    "script that the policy forbids": (
        "document.head.append(Object.assign(document.createElement('script'), {text: '1'}))",
        "console: error",
    ),
    "style that the policy forbids": ("document.body.setAttribute('style', 'color: red')", "console: error"),
    "a file that isn't there": (
        "document.body.append(Object.assign(new Image(), {src: '/static/no.png', alt: ''}))",
        "console: error",
    ),
    "an error in a script": ("setTimeout(() => { throw new Error('broken') })", "uncaught"),
    "a picture without words": (
        "document.querySelector('main').append(Object.assign(new Image(), {src: '/static/favicon.svg'}))",
        "image-alt",
    ),
    "text too pale to read": ("document.querySelector('main h1').style.color = '#dddddd'", "color-contrast"),
    "a page wider than the screen": ("document.querySelector('main').style.minWidth = '30rem'", "sideways"),
}


@pytest.mark.parametrize(("change", "noticed"), DEFECTS.values(), ids=DEFECTS)
def test_the_watch_notices(customer: Window, change: str, noticed: str) -> None:
    customer.open("/image-consumer/start/")
    customer.page.evaluate(f"() => {{ {change} }}")
    customer.page.wait_for_timeout(200)
    with pytest.raises(Bad, match=noticed):
        customer.look()


def test_the_watch_leaves_a_good_page_alone(customer: Window) -> None:
    customer.open("/image-consumer/start/")
    customer.look()
