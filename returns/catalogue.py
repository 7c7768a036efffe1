"""What a storefront can send in exchange for a product that was the wrong one (CON-15, CON-35)."""

from functools import cached_property

from returns.domain.policy import PolicyTerms
from returns.models import Product, Storefront

SHORT = 30
"""Up to so many products are a list to choose from; more are searched."""
MOST_HITS = 20
NOT_ADDRESSABLE = "A SKU has no part of one or two dots between slashes."


def is_addressable(sku: str) -> bool:
    """Whether a product's page can have its SKU in the address; browsers take `..` there for a step back (B19)."""
    return not {".", ".."} & set(sku.split("/"))


class Catalogue:
    """The products a storefront may send by these terms, in stock or not. Read once, and only when somebody looks."""

    def __init__(self, storefront: Storefront, terms: PolicyTerms) -> None:
        self.storefront, self.terms = storefront, terms

    @cached_property
    def products(self) -> tuple[Product, ...]:
        """All of them, by name."""
        sold = Product.objects.exchangeable_at(self.storefront, self.terms)
        return tuple(sold.only("sku", "name", "size", "in_stock", "storefront_id").order_by("name", "sku"))

    @property
    def is_short(self) -> bool:
        """Whether the products are few enough for a list."""
        return len(self.products) <= SHORT

    def find(self, sku: str) -> Product | None:
        """The product with this SKU; None for one of another storefront, or one that isn't sold."""
        return next((product for product in self.products if product.sku == sku), None)

    def known(self, product_id: int | None) -> Product | None:
        """The product with this key, under the same rules."""
        return next((product for product in self.products if product.pk == product_id), None)

    def matching(self, text: str) -> list[Product]:
        """Products with all these words in name, size or SKU, the first twenty."""
        words = text.casefold().split()
        return [one for one in self.products if all(word in _text(one) for word in words)][:MOST_HITS]


def _text(product: Product) -> str:
    return f"{product.sku} {product.name} {product.size}".casefold()
