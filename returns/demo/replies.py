"""What the desk of the demo often writes."""

from datetime import datetime

from accounts.models import User
from returns.domain.replies import Use
from returns.models import Storefront
from returns.services.replies import Wording, write_template
from returns.services.transition import By

REPLIES = (
    Wording(
        Use.ASK,
        "en",
        "Photo of the seal",
        "Thank you for writing about {products}. Would you show us a photo of the seal and of the expiration date?",
    ),
    Wording(
        Use.ASK,
        "es",
        "Foto del sello",
        "Gracias por escribirnos sobre {products}. ¿Podría mostrarnos una foto del sello y de la fecha de caducidad?",
    ),
    Wording(
        Use.REJECT,
        "en",
        "No answer to our question",
        "We asked you about order {order} and had no answer, so we can't decide. Write to {email}, and we look again.",
    ),
    Wording(
        Use.MESSAGE,
        "en",
        "Where is my refund",
        "{customer}, your return {number} is being processed. {shop} writes to you as soon as it is done.",
    ),
)


def add_replies(storefronts: dict[str, Storefront], manager: User, now: datetime) -> None:
    """The same few at every storefront."""
    for storefront in storefronts.values():
        for wording in REPLIES:
            write_template(storefront=storefront, wording=wording, by=By.staff(manager), now=now)
