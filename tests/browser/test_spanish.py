"""The same pages in Spanish: chosen at the foot of any page, and kept from then on."""

import pytest

from returns.demo.people import PASSWORD
from tests.browser import own_orders
from tests.browser.own_orders import NOOR
from tests.browser.window import Window

pytestmark = pytest.mark.browser

SHOP, SERUM = "image-consumer", "Vital C hydrating anti-aging serum"


def test_a_return_is_asked_for_in_spanish(customer: Window) -> None:
    customer.open(f"/{SHOP}/")
    customer.press("Español")
    assert customer.path == f"/{SHOP}/"
    assert customer.page.locator("html").get_attribute("lang") == "es"

    customer.open(f"/{SHOP}/orders/")
    customer.field("Correo electrónico").fill(NOOR)
    customer.field("Contraseña").fill(PASSWORD)
    customer.press("Iniciar sesión")
    customer.follow(f"Pedido {own_orders.SPANISH}")
    customer.follow("Elegir qué devolver")
    serum = customer.part(SERUM)
    serum.get_by_role("checkbox").first.check()
    serum.locator("select[name$=reason]").select_option(value="changed_mind")
    customer.reads_soon("122.40", within=serum)
    customer.look()
    customer.press("Continuar")
    customer.press("Enviar mi solicitud")
    customer.reads("Tenemos su solicitud", "Nos toca a nosotros")
    customer.press("English")
    customer.reads("Our turn")
