"""The number under which a failure is found in the log; routes and pages give it out alike."""

import secrets


def incident_number() -> str:
    """A number that a person can read out over the telephone: `7F3A-91C2`."""
    digits = secrets.token_hex(4).upper()
    return f"{digits[:4]}-{digits[4:]}"
