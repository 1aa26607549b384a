"""What a fan types, read within bounds: the sentence beside each field, and the person behind them. Pure."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import cast

from lastlink_ui.billing.gateway import Address, Payer
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.core.typed import line
from lastlink_ui.subscribers.fans import Person
from lastlink_ui.subscribers.lifecycle import Method
from lastlink_ui.subscribers.normalise import normalise_email, normalise_handle
from lastlink_ui.subscribers.tax_ids import normalise_tax_id
from lastlink_ui.text import t

NAME_MAX = 120
ADDRESS_MAX, NUMBER_MAX = 80, 10
_TYPED_MAX = 300
"""More than any field may hold: what is longer was not typed into our form."""
_KEPT_MAX = 3_500
"""Below what an event may carry (web/event_gate.py): the browser sends the draft back with the first one."""
_POSTAL_CODE = re.compile(r"[0-9]{8}")
# What can stand before the @ of an example without looking odd.
_PLAIN_LOCAL_PART = re.compile(r"[a-z0-9][a-z0-9._-]{0,29}")


class Field(StrEnum):
    """The fields of the form, by the names that they have in the page."""

    PLAN = "plano"
    NAME = "nome"
    HANDLE = "perfil"
    EMAIL = "email"
    METHOD = "pagamento"
    TAX_ID = "documento"
    POSTAL_CODE = "cep"
    STREET = "rua"
    NUMBER = "numero"
    COMPLEMENT = "complemento"
    DISTRICT = "bairro"
    CITY = "cidade"
    STATE = "uf"


PERSON_FIELDS = (Field.NAME, Field.HANDLE, Field.EMAIL)
BOLETO_FIELDS = (
    Field.TAX_ID,
    Field.POSTAL_CODE,
    Field.STREET,
    Field.NUMBER,
    Field.COMPLEMENT,
    Field.DISTRICT,
    Field.CITY,
    Field.STATE,
)
TEXT_FIELDS = (*PERSON_FIELDS, *BOLETO_FIELDS)
STATES = (
    *("AC", "AL", "AP", "AM", "BA", "CE", "DF", "ES", "GO", "MA", "MT", "MS", "MG", "PA", "PB", "PR", "PE"),
    *("PI", "RJ", "RN", "RS", "RO", "RR", "SC", "SP", "SE", "TO"),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it was typed, usable or not."""

    plano: str = ""
    nome: str = ""
    perfil: str = ""
    email: str = ""
    pagamento: str = ""
    documento: str = ""
    cep: str = ""
    rua: str = ""
    numero: str = ""
    complemento: str = ""
    bairro: str = ""
    cidade: str = ""
    uf: str = ""

    @classmethod
    def of(cls, sent: object) -> "Draft":
        """What a browser sent, cut to size; anything that is no text counts as nothing."""
        given = cast("Mapping[str, object]", sent) if isinstance(sent, Mapping) else {}
        texts = {field.name: given.get(field.name) for field in fields(cls)}
        return cls(**{name: text[:_TYPED_MAX] for name, text in texts.items() if isinstance(text, str)})

    @classmethod
    def kept(cls, stored: object) -> "Draft":
        """The draft that `to_keep` wrote; an empty one for anything else that a browser may hold there."""
        if not isinstance(stored, str) or len(stored) > _KEPT_MAX:
            return cls()
        try:
            found: object = json.loads(stored)
        except (ValueError, RecursionError):
            return cls()
        return cls.of(found)

    def to_keep(self) -> str:
        """The draft as text, for the browser to hold while its tab is open; "" for an absurdly long one."""
        text = json.dumps(asdict(self), ensure_ascii=False)
        return text if len(text) <= _KEPT_MAX else ""

    def typing(self, field: Field, text: str) -> "Draft":
        """The draft with one field changed."""
        return replace(self, **{field.value: text[:_TYPED_MAX]})

    def __getitem__(self, field: Field) -> str:
        """What stands in `field`."""
        return cast("str", getattr(self, field.value))

    def person(self) -> Person:
        """Who is meant. Raises: InvalidInput when a field has a problem."""
        return Person(
            name=_read_name(self.nome),
            handle=normalise_handle(self.perfil),
            email=normalise_email(self.email),
        )

    def payer(self) -> Payer | None:
        """Who a boleto is for; None for another method. Raises: InvalidInput when a field has a problem."""
        if self.pagamento != Method.BOLETO:
            return None
        read = {field: _READERS[field](self[field]) for field in BOLETO_FIELDS}
        return Payer(
            tax_id=read[Field.TAX_ID],
            address=Address(
                line1=f"{read[Field.STREET]}, {read[Field.NUMBER]}",
                line2=" - ".join(part for part in (read[Field.COMPLEMENT], read[Field.DISTRICT]) if part),
                city=read[Field.CITY],
                state=read[Field.STATE],
                postal_code=read[Field.POSTAL_CODE],
            ),
        )

    def problems(self, plans: Collection[str], methods: Collection[str]) -> dict[str, str]:
        """For each field that cannot be used, the sentence beside it; in the order of the form."""
        found = {
            Field.PLAN: "" if self.plano in plans else t("public.error.plan_missing"),
            **{field: problem(field, self[field]) for field in PERSON_FIELDS},
            Field.METHOD: "" if self.pagamento in methods else t("public.error.method_missing"),
        }
        if self.pagamento == Method.BOLETO:
            found |= {field: problem(field, self[field]) for field in BOLETO_FIELDS}
        return {field.value: sentence for field, sentence in found.items() if sentence}


def problem(field: Field, typed: str) -> str:
    """The sentence that says what is wrong with `typed` in a text field, or ""."""
    if not typed.strip():
        return t(f"public.error.{_MISSING[field]}") if field in _MISSING else ""
    try:
        _READERS[field](typed)
    except InvalidInput as invalid:
        return _email_problem(typed) if field is Field.EMAIL else t(invalid.message_key, **invalid.params)
    return ""


def _read_name(typed: str) -> str:
    name = line(typed)
    if not any(letter.isalpha() for letter in name):
        raise InvalidInput("public.error.name_missing")
    if len(name) > NAME_MAX:
        raise InvalidInput("public.error.name_length", max=NAME_MAX)
    return name


def _read_postal_code(typed: str) -> str:
    digits = re.sub(r"[\s.\-]", "", line(typed))
    if not _POSTAL_CODE.fullmatch(digits):
        raise InvalidInput("public.error.postal_code")
    return digits


def _read_state(typed: str) -> str:
    state = line(typed).upper()
    if state not in STATES:
        raise InvalidInput("public.error.state_missing")
    return state


def _address_part(limit: int) -> Callable[[str], str]:
    def read(typed: str) -> str:
        part = line(typed)
        if len(part) > limit:
            raise InvalidInput("public.error.too_long", max=limit)
        return part

    return read


def _email_problem(typed: str) -> str:
    """How to go on from an address that only lacks its end; else what one looks like."""
    local, _, domain = typed.strip().lower().partition("@")
    if _PLAIN_LOCAL_PART.fullmatch(local) and "." not in domain:
        return t("public.error.email_unfinished", example=f"{local}@gmail.com")
    return t("people.email")


_READERS: Mapping[Field, Callable[[str], str]] = {
    Field.NAME: _read_name,
    Field.HANDLE: normalise_handle,
    Field.EMAIL: normalise_email,
    Field.TAX_ID: normalise_tax_id,
    Field.POSTAL_CODE: _read_postal_code,
    Field.STREET: _address_part(ADDRESS_MAX),
    Field.NUMBER: _address_part(NUMBER_MAX),
    Field.COMPLEMENT: _address_part(ADDRESS_MAX),
    Field.DISTRICT: _address_part(ADDRESS_MAX),
    Field.CITY: _address_part(ADDRESS_MAX),
    Field.STATE: _read_state,
}
# The complement may be left out.
_MISSING = {
    Field.NAME: "name_missing",
    Field.HANDLE: "handle_missing",
    Field.EMAIL: "email_missing",
    Field.TAX_ID: "tax_id_missing",
    Field.POSTAL_CODE: "postal_code",
    Field.STREET: "street_missing",
    Field.NUMBER: "number_missing",
    Field.DISTRICT: "district_missing",
    Field.CITY: "city_missing",
    Field.STATE: "state_missing",
}
