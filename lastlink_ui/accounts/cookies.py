"""The names of our cookies, which the HTTP routes set and the pages read."""

from http.cookies import CookieError, SimpleCookie

# The prefix makes browsers insist on Secure, on Path=/ and on no Domain: no other host can plant one.
SESSION = "__Host-lastlink"
SIGN_IN = "__Host-lastlink-sign-in"
"""A sign-in whose password was right and whose second step is still to come."""
TYPED_EMAIL = "__Host-lastlink-email"
"""What was typed at a sign-in that failed, percent-encoded, for a minute: never in an address or a log."""
FAN = "__Host-lastlink-fan"
"""The session of a fan, entered by a link sent by mail."""
CHECKOUT = "__Host-lastlink-checkout"
"""The token of a fan's return page: the payer of a boleto ends at the provider, and comes back by this."""


def found_in(header: str, name: str) -> str:
    """The value of a cookie among those of a request, or ""."""
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return found.value if found else ""
