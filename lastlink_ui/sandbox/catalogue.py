"""Products and prices: what is sold, and for how much how often."""

from typing import Literal

from pydantic import Field

from .books import Books
from .errors import InvalidParameter, InvalidRequest
from .ids import new_id
from .params import Group, ListParams, Metadata, Params, merged
from .shapes import shaped
from .types import Obj


class Recurring(Group):
    """How often a price is charged."""

    interval: Literal["day", "week", "month", "year"]
    interval_count: int = Field(default=1, ge=1, le=36)
    usage_type: Literal["licensed"] = "licensed"

    def shape(self) -> Obj:
        """Return it as a price carries it."""
        return {
            "interval": self.interval,
            "interval_count": self.interval_count,
            "meter": None,
            "trial_period_days": None,
            "usage_type": self.usage_type,
        }


class ProductCreate(Params):
    """POST /v1/products."""

    name: str
    id: str | None = None
    active: bool = True
    description: str | None = None
    images: list[str] = Field(default=[])
    metadata: Metadata | None = None
    statement_descriptor: str | None = None
    tax_code: str | None = None
    unit_label: str | None = None
    url: str | None = None


class ProductUpdate(Params):
    """POST /v1/products/{id}."""

    name: str | None = None
    active: bool | None = None
    default_price: str | None = None
    description: str | None = None
    images: list[str] | None = None
    metadata: Metadata | None = None
    statement_descriptor: str | None = None
    tax_code: str | None = None
    unit_label: str | None = None
    url: str | None = None


class ProductList(ListParams):
    """GET /v1/products."""

    active: bool | None = None


class PriceCreate(Params):
    """POST /v1/prices."""

    currency: str
    product: str
    unit_amount: int = Field(ge=0)
    recurring: Recurring | None = None
    active: bool = True
    lookup_key: str | None = None
    metadata: Metadata | None = None
    nickname: str | None = None
    tax_behavior: Literal["exclusive", "inclusive", "unspecified"] = "unspecified"


class PriceUpdate(Params):
    """POST /v1/prices/{price}."""

    active: bool | None = None
    lookup_key: str | None = None
    metadata: Metadata | None = None
    nickname: str | None = None


class PriceList(ListParams):
    """GET /v1/prices."""

    active: bool | None = None
    product: str | None = None
    type: Literal["one_time", "recurring"] | None = None


def create_product(books: Books, params: ProductCreate) -> Obj:
    """Create a product. Raises: InvalidRequest when the id is taken."""
    if params.id and books.store.find_any(params.id):
        raise InvalidRequest("Product already exists.", code="resource_already_exists", param="id")
    fields = params.given("id", "metadata")
    product = new_product(
        params.id or new_id("prod"), created=books.now, metadata=merged({}, params.metadata or {}), **fields
    )
    return books.add(product, "product.created")


def new_product(product_id: str, *, created: int, **fields: object) -> Obj:
    """Return a product."""
    return shaped("product", id=product_id, created=created, updated=created, **fields)


def update_product(books: Books, params: ProductUpdate, product_id: str) -> Obj:
    """Change a product."""
    product = books.get("product", product_id)
    changes = params.given()
    if "metadata" in changes:
        changes["metadata"] = merged(product["metadata"], params.metadata)
    return books.change(product, "product.updated", **changes, updated=books.now)


def create_price(books: Books, params: PriceCreate) -> Obj:
    """Create a price. Raises: NotFound without its product, InvalidParameter for another currency."""
    if params.currency.lower() != "brl":
        raise InvalidParameter("The sandbox's account sells in BRL only.", param="currency")
    product = books.get("product", params.product, "product")
    price = new_price(
        new_id("price"),
        product=product["id"],
        amount=params.unit_amount,
        recurring=params.recurring.shape() if params.recurring else None,
        created=books.now,
        active=params.active,
        lookup_key=params.lookup_key,
        metadata=merged({}, params.metadata or {}),
        nickname=params.nickname,
        tax_behavior=params.tax_behavior,
    )
    return books.add(price, "price.created")


def new_price(
    price_id: str, *, product: str, amount: int, recurring: Obj | None, created: int, **fields: object
) -> Obj:
    """Return a price of ``amount`` centavos."""
    return shaped(
        "price",
        id=price_id,
        product=product,
        created=created,
        currency="brl",
        unit_amount=amount,
        unit_amount_decimal=str(amount),
        recurring=recurring,
        type="recurring" if recurring else "one_time",
        **fields,
    )


def update_price(books: Books, params: PriceUpdate, price_id: str) -> Obj:
    """Change what may change of a price; its amount never does."""
    price = books.get("price", price_id)
    changes = params.given()
    if "metadata" in changes:
        changes["metadata"] = merged(price["metadata"], params.metadata)
    return books.change(price, "price.updated", **changes)
