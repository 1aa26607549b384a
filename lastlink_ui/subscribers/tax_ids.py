"""CPF and CNPJ as they are typed, checked and kept; the alphanumeric CNPJ too (IN RFB 2.229/2024)."""

import re
import unicodedata

from stdnum.br import cnpj, cpf
from stdnum.exceptions import ValidationError

from lastlink_ui.core.errors import InvalidInput

_TYPED_MAX = 60
_SEPARATORS = re.compile(r"[\s./\-]")
_CPF_LENGTH = 11


def normalise_tax_id(typed: str) -> str:
    """A CPF (11 digits) or CNPJ (12 letters and digits, 2 digits), upper-case and without separators.

    Raises: InvalidInput (`people.tax_id`) for what is none; the same digit all through is none either,
    though its check digits are right.
    """
    bare = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed[:_TYPED_MAX])).upper()
    kind = cpf if len(bare) == _CPF_LENGTH else cnpj
    try:
        if not bare.isascii() or len(set(bare)) == 1 or kind.validate(bare) != bare:
            raise InvalidInput("people.tax_id")
    except ValidationError as error:
        raise InvalidInput("people.tax_id") from error
    return bare


def is_company(tax_id: str) -> bool:
    """Whether a normalised number is a CNPJ."""
    return len(tax_id) > _CPF_LENGTH
