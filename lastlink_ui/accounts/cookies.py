"""The names of the two cookies, which the HTTP routes set and the pages read."""

# The prefix makes browsers insist on Secure, on Path=/ and on no Domain: no other host can plant one.
SESSION = "__Host-lastlink"
TYPED_EMAIL = "__Host-lastlink-email"
"""What was typed at a sign-in that failed, percent-encoded, for a minute: never in an address or a log."""
