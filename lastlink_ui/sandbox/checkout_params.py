"""What may be asked of a Checkout session."""

from typing import Annotated, Literal

from pydantic import Field

from . import boleto
from .catalogue import Recurring
from .params import Group, ListParams, Metadata, Params


class ProductData(Group):
    """A product made along with the session."""

    name: str
    description: str | None = None
    metadata: Metadata | None = None


class PriceData(Group):
    """A price made along with the session."""

    currency: Literal["brl"]
    product: str | None = None
    product_data: ProductData | None = None
    recurring: Recurring
    unit_amount: int = Field(ge=0)


class LineItem(Group):
    """What is bought."""

    price: str | None = None
    price_data: PriceData | None = None
    quantity: int = Field(default=1, ge=1)


class SubscriptionData(Group):
    """What the subscription will carry."""

    application_fee_percent: float | None = None
    description: str | None = None
    metadata: Metadata | None = None


class BoletoOptions(Group):
    """How boletos are issued."""

    expires_after_days: int = Field(default=boleto.DUE_AFTER_DAYS, ge=0, le=60)
    setup_future_usage: Literal["none", "off_session", "on_session"] | None = None


class CardOptions(Group):
    """How cards are charged."""

    request_three_d_secure: Literal["any", "automatic", "challenge"] = "automatic"


class MethodOptions(Group):
    """Options per method."""

    boleto: BoletoOptions | None = None
    card: CardOptions | None = None


class Switch(Group):
    """A feature that is on or off."""

    enabled: bool


class TaxIdCollection(Switch):
    """Whether the page asks for a tax number."""

    required: Literal["if_supported", "never"] = "never"


class CustomerUpdateRule(Group):
    """What the page may write back to a known customer."""

    address: Literal["auto", "never"] | None = None
    name: Literal["auto", "never"] | None = None
    shipping: Literal["auto", "never"] | None = None


class SessionCreate(Params):
    """POST /v1/checkout/sessions."""

    mode: Literal["subscription"]
    line_items: Annotated[list[LineItem], Field(min_length=1, max_length=1)]
    success_url: str
    adaptive_pricing: Switch | None = None
    allow_promotion_codes: bool | None = None
    allowed_payment_method_types: list[str] | None = None
    billing_address_collection: Literal["auto", "required"] | None = None
    cancel_url: str | None = None
    client_reference_id: str | None = Field(default=None, max_length=200)
    currency: Literal["brl"] | None = None
    customer: str | None = None
    customer_email: str | None = None
    customer_update: CustomerUpdateRule | None = None
    expires_at: int | None = None
    locale: str | None = None
    metadata: Metadata | None = None
    origin_context: Literal["mobile_app", "web"] | None = None
    payment_method_collection: Literal["always", "if_required"] | None = None
    payment_method_options: MethodOptions | None = None
    phone_number_collection: Switch | None = None
    submit_type: Literal["auto", "book", "donate", "pay", "subscribe"] | None = None
    subscription_data: SubscriptionData | None = None
    tax_id_collection: TaxIdCollection | None = None
    ui_mode: Literal["hosted_page"] | None = None


class SessionList(ListParams):
    """GET /v1/checkout/sessions."""

    customer: str | None = None
    payment_intent: str | None = None
    status: Literal["complete", "expired", "open"] | None = None
    subscription: str | None = None
