"""The people of the demo, each with the same password."""

from dataclasses import dataclass

from accounts.roles import Role

PASSWORD = "paper, ink and a ledger"  # noqa: S105  the demo's only, printed at every start
LE_PETIT_SPA, IMAGE, PRO = "le-petit-spa", "image-consumer", "image-professional"
EVERYWHERE = (LE_PETIT_SPA, IMAGE, PRO)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as; `does` says what to try with them."""

    email: str
    name: str
    role: Role
    does: str
    storefronts: tuple[str, ...] = ()


PEOPLE = (
    DemoPerson("maya@shop.example", "Maya Brennan", Role.CUSTOMER, "customer at le petit spa and IMAGE"),
    DemoPerson("hana@lumen.example", "Hana Lumen", Role.CUSTOMER, "business customer at IMAGE Pro, owes $140.00"),
    DemoPerson("paul@studio.example", "Paul Ortiz", Role.CUSTOMER, "professional at IMAGE Pro, owes nothing"),
    DemoPerson("renee@desk.example", "Renee Okafor", Role.SUPPORT, "support staff of all storefronts", EVERYWHERE),
    DemoPerson("sam@desk.example", "Sam Tran", Role.SUPPORT, "support staff of le petit spa only", (LE_PETIT_SPA,)),
    DemoPerson("mona@desk.example", "Mona Meyer", Role.MANAGER, "manager of all storefronts", EVERYWHERE),
    DemoPerson("ada@desk.example", "Ada Adler", Role.ADMINISTRATOR, "invites, moves and disables the staff"),
)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A customer account; `person` is the e-mail address of who signs in to it, if anybody."""

    storefront: str
    number: str
    name: str
    email: str
    type: str = "consumer"
    owes: str = "0.00"
    phone: str = "704-555-0134"
    main_contact_name: str = ""
    main_contact_email: str = ""


ACCOUNTS = (
    DemoAccount(LE_PETIT_SPA, "LP-2041", "Maya Brennan", "maya@shop.example"),
    DemoAccount(LE_PETIT_SPA, "LP-2077", "Noor Haddad", "noor@shop.example"),
    DemoAccount(IMAGE, "IC-5120", "Maya Brennan", "maya@shop.example"),
    DemoAccount(IMAGE, "IC-5166", "Theo Park", "theo@shop.example"),
    DemoAccount(
        PRO,
        "77120",
        "Lumen Esthetics LLC",
        "hana@lumen.example",
        "business",
        "140.00",
        "407-555-0172",
        "Hana Lumen",
        "hana@lumen.example",
    ),
    DemoAccount(PRO, "77131", "Paul Ortiz", "paul@studio.example", "professional"),
    DemoAccount(PRO, "77158", "Bloom Studio", "june@bloom.example", "professional", "60.00", "407-555-0190"),
    DemoAccount(PRO, "77146", "Ivy Chen", "ivy@school.example", "student"),
)
