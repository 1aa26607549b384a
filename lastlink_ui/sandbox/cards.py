"""The test cards that Stripe publishes, and what each of them does."""

from dataclasses import dataclass

from .errors import CardError
from .types import Obj

# Source: docs.stripe.com/testing.


@dataclass(frozen=True, slots=True)
class Decline:
    """Why a card is refused: the provider's codes, and its sentence for the API's caller."""

    code: str
    decline_code: str
    message: str

    def error(self, charge_id: str = "") -> CardError:
        """The refusal as the API answers it; the failed attempt itself is kept."""
        return CardError(
            self.message, code=self.code, keep_work=True, decline_code=self.decline_code, charge=charge_id
        )


_DECLINED = Decline("card_declined", "generic_decline", "Your card was declined.")
_NO_FUNDS = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.")
_NOT_A_TEST_CARD = Decline(
    "card_declined",
    "test_mode_live_card",
    "Your card was declined. Your request was in test mode, but used a non test card."
    " For a list of valid test cards, visit: https://stripe.com/docs/testing.",
)
_EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.")
_WRONG_CVC = Decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")


@dataclass(frozen=True, slots=True)
class TestCard:
    """A card's number and its behaviour; the number itself is never stored."""

    name: str
    brand: str = "visa"
    country: str = "US"
    decline: Decline | None = None
    attaches: bool = False  # accepted when saved, though every charge fails
    three_d_secure: bool = False
    disputed: bool = False
    refund: str = "succeeds"  # or "pending", "fails"


_CARDS: dict[str, TestCard] = {
    "4242424242424242": TestCard("visa"),
    "4000056655665556": TestCard("visa_debit"),
    "5555555555554444": TestCard("mastercard", brand="mastercard"),
    "378282246310005": TestCard("amex", brand="amex"),
    "4000000760000002": TestCard("br", country="BR"),
    "4000000000000002": TestCard("visa_chargeDeclined", decline=_DECLINED),
    "4000000000009995": TestCard("visa_chargeDeclinedInsufficientFunds", decline=_NO_FUNDS),
    "4000000000000069": TestCard("chargeDeclinedExpiredCard", decline=_EXPIRED),
    "4000000000000127": TestCard("chargeDeclinedIncorrectCvc", decline=_WRONG_CVC),
    "4000000000000341": TestCard("chargeCustomerFail", decline=_DECLINED, attaches=True),
    "4000002500003155": TestCard("authenticationRequiredOnSetup", three_d_secure=True),
    "4000000000000259": TestCard("createDispute", disputed=True),
    "4000000000007726": TestCard("pendingRefund", refund="pending"),
    "4000000000005126": TestCard("refundFail", refund="fails"),
}
_LAST4 = {card.name: number[-4:] for number, card in _CARDS.items()}
_BY_NAME = {card.name: card for card in _CARDS.values()}
_BRANDS = {"5": "mastercard", "3": "amex"}
_UNKNOWN = "unknown"
TOKEN = "pm_card_"  # noqa: S105 - the prefix of the provider's public test methods


def card_of(number: str) -> TestCard:
    """Return what a card number does; one that is not published for tests is declined."""
    brand = _BRANDS.get(number[:1], "visa")
    return _CARDS.get(number) or TestCard(_UNKNOWN, brand=brand, decline=_NOT_A_TEST_CARD)


def card_named(name: str) -> TestCard:
    """Return the behaviour that a stored payment method remembers."""
    return _BY_NAME.get(name) or TestCard(_UNKNOWN, decline=_NOT_A_TEST_CARD)


def card_behind(method: Obj) -> TestCard:
    """Return the behaviour of a card payment method."""
    return card_named(method["_card"])


def card_for_token(token: str) -> tuple[TestCard, str] | None:
    """Return the card and last four digits behind a test method such as ``pm_card_visa``."""
    name = token.removeprefix(TOKEN)
    return (_BY_NAME[name], _LAST4[name]) if token.startswith(TOKEN) and name in _BY_NAME else None


def passes_luhn(number: str) -> bool:
    """Say whether a card number's check digit is right (ISO/IEC 7812-1)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
