"""What every object of a kind has in common: the fields that are constant here, in API 2026-10-28.endive.

The store keeps only what differs from these, and adds them again on reading.
"""

from collections.abc import Collection

from .types import Obj

API_VERSION = "2026-10-28.endive"

NO_ADDRESS: Obj = {
    "city": None,
    "country": None,
    "line1": None,
    "line2": None,
    "postal_code": None,
    "state": None,
}
NO_BILLING_DETAILS: Obj = {"address": NO_ADDRESS, "email": None, "name": None, "phone": None, "tax_id": None}
_ISSUER: Obj = {"type": "self"}
_NO_TAX: Obj = {"enabled": False, "liability": None}

_CUSTOMER: Obj = {
    "object": "customer",
    "address": None,
    "balance": 0,
    "currency": None,
    "customer_account": None,
    "default_source": None,
    "delinquent": False,
    "description": None,
    "discount": None,
    "email": None,
    "invoice_settings": {
        "custom_fields": None,
        "default_payment_method": None,
        "footer": None,
        "rendering_options": None,
    },
    "livemode": False,
    "metadata": {},
    "name": None,
    "next_invoice_sequence": 1,
    "phone": None,
    "preferred_locales": [],
    "shipping": None,
    "tax_exempt": "none",
    "test_clock": None,
}
_PRODUCT: Obj = {
    "object": "product",
    "active": True,
    "default_price": None,
    "description": None,
    "images": [],
    "livemode": False,
    "marketing_features": [],
    "metadata": {},
    "package_dimensions": None,
    "shippable": None,
    "statement_descriptor": None,
    "tax_code": None,
    "type": "service",
    "unit_label": None,
    "url": None,
}
_PRICE: Obj = {
    "object": "price",
    "active": True,
    "billing_scheme": "per_unit",
    "custom_unit_amount": None,
    "livemode": False,
    "lookup_key": None,
    "metadata": {},
    "nickname": None,
    "tax_behavior": "unspecified",
    "tiers_mode": None,
    "transform_quantity": None,
}
_SESSION: Obj = {
    "object": "checkout.session",
    "adaptive_pricing": {"enabled": False},
    "after_expiration": None,
    "allow_promotion_codes": None,
    "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
    "billing_address_collection": None,
    "cancel_url": None,
    "client_reference_id": None,
    "client_secret": None,
    "collected_information": None,
    "consent": None,
    "consent_collection": None,
    "currency_conversion": None,
    "custom_fields": [],
    "custom_text": {
        "after_submit": None,
        "shipping_address": None,
        "submit": None,
        "terms_of_service_acceptance": None,
    },
    "customer": None,
    "customer_account": None,
    "customer_creation": None,
    "customer_details": None,
    "customer_email": None,
    "discounts": [],
    "integration_identifier": None,
    "invoice": None,
    "invoice_creation": None,
    "livemode": False,
    "locale": None,
    "metadata": {},
    "origin_context": None,
    "payment_intent": None,
    "payment_link": None,
    "payment_method_collection": "always",
    "payment_method_configuration_details": None,
    "payment_method_options": {},
    "payment_status": "unpaid",
    "permissions": None,
    "phone_number_collection": {"enabled": False},
    "recovered_from": None,
    "saved_payment_method_options": None,
    "setup_intent": None,
    "shipping_address_collection": None,
    "shipping_cost": None,
    "shipping_options": [],
    "status": "open",
    "submit_type": None,
    "subscription": None,
    "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
    "ui_mode": "hosted_page",
    "wallet_options": None,
}
_SUBSCRIPTION: Obj = {
    "object": "subscription",
    "application": None,
    "application_fee_percent": None,
    "automatic_tax": {"disabled_reason": None, **_NO_TAX},
    "billing_cycle_anchor_config": None,
    "billing_mode": {"type": "flexible", "flexible": {"proration_discounts": "included"}},
    "billing_schedules": [],
    "billing_thresholds": None,
    "cancel_at": None,
    "cancel_at_period_end": False,
    "canceled_at": None,
    "cancellation_details": {"comment": None, "feedback": None, "reason": None},
    "collection_method": "charge_automatically",
    "customer_account": None,
    "days_until_due": None,
    "default_payment_method": None,
    "default_source": None,
    "default_tax_rates": [],
    "description": None,
    "discounts": [],
    "ended_at": None,
    "invoice_settings": {"account_tax_ids": None, "issuer": _ISSUER},
    "latest_invoice": None,
    "livemode": False,
    "metadata": {},
    "next_pending_invoice_item_invoice": None,
    "on_behalf_of": None,
    "pause_collection": None,
    "payment_settings": {
        "payment_method_options": None,
        "payment_method_types": None,
        "save_default_payment_method": "off",
    },
    "pending_invoice_item_interval": None,
    "pending_setup_intent": None,
    "pending_update": None,
    "schedule": None,
    "test_clock": None,
    "transfer_data": None,
    "trial_end": None,
    "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
    "trial_start": None,
}
_INVOICE: Obj = {
    "object": "invoice",
    "account_country": "BR",
    "account_name": "Lastlink Sandbox",
    "account_tax_ids": None,
    "amount_overpaid": 0,
    "amount_paid_off_stripe": 0,
    "amount_shipping": 0,
    "application": None,
    "auto_advance": False,
    "automatic_tax": {"disabled_reason": None, "provider": None, "status": None, **_NO_TAX},
    "automatically_finalizes_at": None,
    "collection_method": "charge_automatically",
    "custom_fields": None,
    "customer_account": None,
    "customer_address": None,
    "customer_phone": None,
    "customer_shipping": None,
    "customer_tax_exempt": "none",
    "customer_tax_ids": [],
    "default_payment_method": None,
    "default_source": None,
    "default_tax_rates": [],
    "description": None,
    "discounts": [],
    "due_date": None,
    "ending_balance": 0,
    "footer": None,
    "from_invoice": None,
    "issuer": _ISSUER,
    "last_finalization_error": None,
    "latest_revision": None,
    "livemode": False,
    "metadata": {},
    "next_payment_attempt": None,
    "on_behalf_of": None,
    "payment_settings": {
        "default_mandate": None,
        "payment_method_options": None,
        "payment_method_types": None,
    },
    "post_payment_credit_notes_amount": 0,
    "pre_payment_credit_notes_amount": 0,
    "receipt_number": None,
    "rendering": None,
    "shipping_cost": None,
    "shipping_details": None,
    "starting_balance": 0,
    "statement_descriptor": None,
    "test_clock": None,
    "total_discount_amounts": [],
    "total_pretax_credit_amounts": [],
    "total_taxes": [],
    "webhooks_delivered_at": None,
}
_INVOICE_PAYMENT: Obj = {"object": "invoice_payment", "is_default": True, "livemode": False}
_PAYMENT_INTENT: Obj = {
    "object": "payment_intent",
    "amount_capturable": 0,
    "amount_details": {"tip": {}},
    "application": None,
    "application_fee_amount": None,
    "automatic_payment_methods": None,
    "canceled_at": None,
    "cancellation_reason": None,
    "capture_method": "automatic",
    "confirmation_method": "automatic",
    "customer_account": None,
    "description": None,
    "excluded_payment_method_types": None,
    "last_payment_error": None,
    "latest_charge": None,
    "livemode": False,
    "metadata": {},
    "next_action": None,
    "on_behalf_of": None,
    "payment_method_configuration_details": None,
    "processing": None,
    "receipt_email": None,
    "review": None,
    "setup_future_usage": None,
    "shipping": None,
    "source": None,
    "statement_descriptor": None,
    "statement_descriptor_suffix": None,
    "transfer_data": None,
    "transfer_group": None,
}
_CHARGE: Obj = {
    "object": "charge",
    "amount_refunded": 0,
    "application": None,
    "application_fee": None,
    "application_fee_amount": None,
    "calculated_statement_descriptor": "LASTLINK SANDBOX",
    "description": None,
    "disputed": False,
    "failure_balance_transaction": None,
    "failure_code": None,
    "failure_message": None,
    "fraud_details": {},
    "livemode": False,
    "metadata": {},
    "on_behalf_of": None,
    "radar_options": {},
    "receipt_email": None,
    "receipt_number": None,
    "receipt_url": None,
    "refunded": False,
    "review": None,
    "shipping": None,
    "source": None,
    "source_transfer": None,
    "statement_descriptor": None,
    "statement_descriptor_suffix": None,
    "transfer_data": None,
    "transfer_group": None,
}
_PAYMENT_METHOD: Obj = {
    "object": "payment_method",
    "allow_redisplay": "limited",
    "billing_details": NO_BILLING_DETAILS,
    "customer": None,
    "customer_account": None,
    "livemode": False,
    "metadata": {},
}
_REFUND: Obj = {
    "object": "refund",
    "metadata": {},
    "reason": None,
    "receipt_number": None,
    "source_transfer_reversal": None,
    "transfer_reversal": None,
}
_EVIDENCE_FIELDS = (
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
)
_DISPUTE: Obj = {
    "object": "dispute",
    "enhanced_eligibility_types": [],
    "evidence": {**dict.fromkeys(_EVIDENCE_FIELDS), "enhanced_evidence": {}},
    "is_charge_refundable": False,
    "livemode": False,
    "metadata": {},
}
_BALANCE_TRANSACTION: Obj = {
    "object": "balance_transaction",
    "balance_type": "payments",
    "description": None,
    "exchange_rate": None,
    "fee": 0,
    "fee_details": [],
}
_EVENT: Obj = {"object": "event", "api_version": API_VERSION, "livemode": False}
_WEBHOOK_ENDPOINT: Obj = {
    "object": "webhook_endpoint",
    "api_version": None,
    "application": None,
    "description": None,
    "livemode": False,
    "metadata": {},
    "status": "enabled",
}
_TEST_CLOCK: Obj = {"object": "test_helpers.test_clock", "livemode": False, "name": None, "status": "ready"}
_PORTAL_SESSION: Obj = {
    "object": "billing_portal.session",
    "customer_account": None,
    "flow": None,
    "livemode": False,
    "locale": None,
    "on_behalf_of": None,
}
_PORTAL_CONFIGURATION: Obj = {
    "object": "billing_portal.configuration",
    "active": True,
    "application": None,
    "business_profile": {"headline": None, "privacy_policy_url": None, "terms_of_service_url": None},
    "default_return_url": None,
    "is_default": True,
    "livemode": False,
    "login_page": {"enabled": False, "url": None},
    "metadata": {},
    "name": None,
}

SHAPES: dict[str, Obj] = {
    shape["object"]: shape
    for shape in (
        _CUSTOMER,
        _PRODUCT,
        _PRICE,
        _SESSION,
        _SUBSCRIPTION,
        _INVOICE,
        _INVOICE_PAYMENT,
        _PAYMENT_INTENT,
        _CHARGE,
        _PAYMENT_METHOD,
        _REFUND,
        _DISPUTE,
        _BALANCE_TRANSACTION,
        _EVENT,
        _WEBHOOK_ENDPOINT,
        _TEST_CLOCK,
        _PORTAL_SESSION,
        _PORTAL_CONFIGURATION,
    )
}


def shaped(kind: str, **fields: object) -> Obj:
    """Return a whole object of ``kind`` with the given fields over the constant ones.

    The constant values are shared, not copied: whoever changes a nested one puts a new one in its place.
    """
    return {**SHAPES[kind], **fields}


def sparse(obj: Obj, keep: Collection[str]) -> Obj:
    """Return what distinguishes an object from the others of its kind, and the fields named in ``keep``."""
    shape = SHAPES[obj["object"]]
    return {
        name: value
        for name, value in obj.items()
        if name in keep or name not in shape or shape[name] != value
    }


def public(obj: Obj) -> Obj:
    """Return what a caller may see: names that begin with an underscore are ours."""
    return {name: value for name, value in obj.items() if not name.startswith("_")}


def listing(url: str, data: list[Obj], *, has_more: bool = False) -> Obj:
    """Return a page of objects in the provider's envelope."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
