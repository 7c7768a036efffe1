"""Which product is the right one: a list, or a search where the storefront sells more than fit into one (CON-35)."""

from dataclasses import dataclass

from returns.catalogue import Catalogue
from returns.models import OrderLine, Product
from returns.wording.choices import PRODUCT_ELSEWHERE


@dataclass(frozen=True, slots=True)
class ProductQuestion:
    """What is asked about an exchange of one line. ``sought`` and ``picked`` are what was typed and chosen so far."""

    catalogue: Catalogue
    line: OrderLine
    sought: str
    picked: str

    @property
    def product(self) -> Product | None:
        """The product that is chosen; never one of another storefront."""
        if not self.picked and self.only is not None:
            return self.only
        found = self.catalogue.find(self.picked) if self.picked and self.picked != PRODUCT_ELSEWHERE else None
        return found if found in self._others else None

    @property
    def only(self) -> Product | None:
        """The only other product, where there is one and it can be sent: one way is no choice (ux, principle 5)."""
        others = self._others
        return others[0] if len(others) == 1 and others[0].in_stock else None

    @property
    def _others(self) -> list[Product]:
        return [one for one in self.catalogue.products if one.pk != self.line.product_id]

    @property
    def is_list(self) -> bool:
        """Whether all products fit into one list."""
        return self.catalogue.is_short

    @property
    def offered(self) -> list[Product]:
        """The products to choose from: all of them, or what the search found, and what was chosen before."""
        if self.is_list:
            return self._others
        hits = [one for one in self.catalogue.matching(self.sought) if one in self._others] if self.sought else []
        return hits if self.product is None or self.product in hits else [self.product, *hits]

    @property
    def fields(self) -> set[str]:
        """The fields that ask it; none where the shop sells nothing else."""
        if not self._others:
            return {"exchange"} if self.picked else set()
        if self.is_list:
            return {"exchange"}
        return {"find", "exchange"} if self.sought or self.picked else {"find"}

    @property
    def finds_nothing(self) -> bool:
        """Whether a search was made in vain."""
        return bool(self.sought) and not self.is_list and not self.offered
