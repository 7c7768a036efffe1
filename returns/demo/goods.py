"""The catalogues of the demo and its orders: something for every verdict of every storefront."""

from dataclasses import dataclass, field

from returns.demo.people import IMAGE, LE_PETIT_SPA, PRO


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """A catalogue entry; weights in grams, `expires_in` in days from today."""

    sku: str
    name: str
    kind: str
    size: str
    full: str = ""
    empty: str = ""
    flags: tuple[str, ...] = ()
    expires_in: int | None = 1100


OUT_OF_STOCK = {(IMAGE, "OM-MASK")}
"""Storefront and SKU of what nobody can be promised in exchange."""

RETAIL = (
    DemoProduct("VC-SERUM", "Vital C hydrating anti-aging serum", "retail", "1.7 fl oz", "142.00", "88.00"),
    DemoProduct("AG-CLEANSE", "Ageless total facial cleanser", "retail", "6 fl oz", "214.00", "32.00", expires_in=None),
    DemoProduct(
        "PV-SPF50", "Prevention+ daily ultimate moisturizer SPF 50", "retail", "3.2 oz", "118.00", "24.00", (), 224
    ),
    DemoProduct("OM-MASK", "Ormedic balancing gel mask", "retail", "2 oz", "96.00", "35.00"),
    DemoProduct("MAX-CREME", "The MAX stem cell creme", "retail", "1.7 oz", "131.00", "79.00"),
)
KIT = DemoProduct("MAX-KIT", "The MAX trial kit", "trial_kit", "4 pieces")
SHIRT = DemoProduct("TEE-M", "Glow T-shirt", "tshirt", "M", expires_in=None)
SAMPLE = DemoProduct("VC-SAMPLE", "Vital C serum sample", "sample", "0.1 fl oz")

CATALOGUES: dict[str, tuple[DemoProduct, ...]] = {
    LE_PETIT_SPA: (
        *RETAIL,
        DemoProduct("LIP-PROMO", "Lip enhancement complex", "promo", "0.25 oz"),
    ),
    IMAGE: (*RETAIL, KIT, SHIRT, SAMPLE),
    PRO: (
        *RETAIL,
        KIT,
        SHIRT,
        SAMPLE,
        DemoProduct("PL-PEEL", "Perfecting Lift peel", "peel", "4 fl oz"),
        DemoProduct("VC-PRO", "Vital C serum, professional size", "professional", "4 fl oz"),
        DemoProduct("O2-BOOST", "Oxygen boost enhancer", "enhancer", "2 fl oz"),
    ),
}


@dataclass(frozen=True, slots=True)
class DemoLine:
    """A line of an order, by SKU; `paid` is its total after discounts."""

    sku: str
    quantity: int
    paid: str
    flags: tuple[str, ...] = ()
    expires_in: int | None = None


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """An order placed `days` ago and delivered `hours` ago (None: not reported); `shows` says what it is there for."""

    storefront: str
    number: str
    account: str
    days: int
    hours: float | None
    lines: tuple[DemoLine, ...]
    shows: str
    shipping: str = "9.95"
    channel: str = "direct"
    guest: str = ""
    tracking: str = field(default="")


def serum(quantity: int = 2) -> DemoLine:
    """The line most orders have."""
    return DemoLine("VC-SERUM", quantity, f"{quantity * 61.20:.2f}")


ORDERS = (
    # le petit spa: 15 days, store credit, half for partly used goods
    DemoOrder(
        LE_PETIT_SPA,
        "LPS-30118",
        "LP-2041",
        6,
        60,
        (serum(), DemoLine("OM-MASK", 1, "38.00"), DemoLine("LIP-PROMO", 1, "0.00")),
        "in full until day 15; opened goods for half; a free item that comes back too",
        tracking="9400111899223197428490",
    ),
    DemoOrder(LE_PETIT_SPA, "LPS-30097", "LP-2041", 21, 17 * 24, (serum(1),), "after the 15 days"),
    DemoOrder(LE_PETIT_SPA, "LPS-30090", "LP-2041", 22, 20, (serum(1),), "damage found after a late delivery"),
    DemoOrder(LE_PETIT_SPA, "LPS-30121", "", 4, 40, (serum(1),), "a guest", guest="gia@guest.example"),
    # IMAGE: 30 days, then 20% and the expiration date
    DemoOrder(
        IMAGE,
        "IC-20418",
        "IC-5120",
        47,
        41 * 24,
        (
            serum(),
            DemoLine("AG-CLEANSE", 1, "34.20"),
            DemoLine("PV-SPF50", 1, "49.50"),
            DemoLine("MAX-KIT", 1, "29.00"),
        ),
        "20% fee; expiration unknown; expires too soon; a trial kit",
    ),
    DemoOrder(
        IMAGE, "IC-20402", "IC-5120", 54, 48 * 24, (DemoLine("AG-CLEANSE", 1, "34.20"),), "the expiration date decides"
    ),
    DemoOrder(IMAGE, "IC-20533", "IC-5120", 12, 9 * 24, (serum(), DemoLine("TEE-M", 1, "24.00")), "in full; a T-shirt"),
    DemoOrder(
        IMAGE, "IC-20561", "IC-5120", 4, 19, (serum(1), DemoLine("MAX-CREME", 1, "84.00")), "within 48 hours", "10.00"
    ),
    DemoOrder(IMAGE, "IC-20557", "IC-5120", 6, 51, (DemoLine("OM-MASK", 2, "76.00"),), "51 hours after delivery"),
    DemoOrder(IMAGE, "IC-20570", "IC-5120", 3, None, (serum(1),), "delivery not reported"),
    DemoOrder(
        IMAGE,
        "IC-20544",
        "IC-5120",
        9,
        6 * 24,
        (DemoLine("NEW-GLOW", 1, "52.00"), DemoLine("MAX-CREME", 1, "42.00", ("final_sale",))),
        "a product the catalogue doesn't know; a final sale",
    ),
    DemoOrder(IMAGE, "IC-P-881", "IC-5120", 10, 8 * 24, (serum(1),), "bought at a partner", channel="partner"),
    DemoOrder(IMAGE, "IC-20566", "", 8, 5 * 24, (serum(1),), "a guest", guest="gia@guest.example"),
    # IMAGE Pro: 30 days, then 20%; nine exclusions; the balance owed comes off
    DemoOrder(
        PRO,
        "IP-88213",
        "77120",
        34,
        30 * 24,
        (
            DemoLine("VC-SERUM", 6, "204.00"),
            DemoLine("PL-PEEL", 2, "116.00"),
            DemoLine("PV-SPF50", 5, "125.00"),
        ),
        "20% fee and the balance; a peel",
        "10.00",
    ),
    DemoOrder(
        PRO,
        "IP-88307",
        "77120",
        11,
        8 * 24,
        (
            DemoLine("OM-MASK", 4, "88.00"),
            DemoLine("VC-PRO", 1, "96.00"),
            DemoLine("O2-BOOST", 1, "41.00"),
            DemoLine("MAX-CREME", 2, "0.00", ("ten_percent_back",)),
        ),
        "in full less the balance; professional size, enhancer, 10% back",
        "0.00",
    ),
    DemoOrder(PRO, "IP-88290", "77131", 15, 11 * 24, (DemoLine("VC-SERUM", 4, "136.00"),), "in full"),
    DemoOrder(PRO, "IP-88301", "77131", 13, 30, (DemoLine("MAX-CREME", 3, "126.00"),), "within 48 hours"),
    DemoOrder(
        PRO,
        "IP-88199",
        "77146",
        20,
        16 * 24,
        (DemoLine("AG-CLEANSE", 6, "108.00", ("opening_order",)),),
        "opening order",
    ),
)
