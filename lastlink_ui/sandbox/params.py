"""Request parameters: typed, and refused in the provider's words when unknown, missing or malformed."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from .errors import InvalidParameter
from .store import Condition
from .types import Obj

Metadata = dict[str, Annotated[str, Field(max_length=500)]]


class Group(BaseModel):
    """Parameters that stand together; what is not named is refused."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _empty_means_unset(cls, given: Any) -> Any:  # noqa: ANN401 - whatever the caller sent
        if isinstance(given, dict):
            fields = cast("Obj", given)
            return {name: None if value == "" else value for name, value in fields.items()}
        return given

    def given(self, *without: str) -> Obj:
        """Return the parameters that were sent, as plain values; an empty one is None."""
        return self.model_dump(exclude_unset=True, exclude={"expand", *without})


class Params(Group):
    """The parameters of one request."""

    expand: list[str] = []


def _as_range(given: Any) -> Any:  # noqa: ANN401 - whatever the caller sent
    return {"eq": given} if isinstance(given, str) else given


class Range(Group):
    """Bounds of a time, in seconds."""

    eq: int | None = None
    gt: int | None = None
    gte: int | None = None
    lt: int | None = None
    lte: int | None = None

    def conditions(self, field: str) -> list[Condition]:
        """Return the bounds as conditions on a field."""
        operators = {"eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
        return [(field, operators[name], value) for name, value in self.given().items()]


class ListParams(Params):
    """Paging, and the filter that every list has."""

    limit: int = Field(default=10, ge=1, le=100)
    starting_after: str | None = None
    ending_before: str | None = None
    created: Annotated[Range, BeforeValidator(_as_range)] = Range()

    def conditions(self) -> list[Condition]:
        """Return the filters as conditions; every parameter that is not about paging is an equality."""
        paging = ("limit", "starting_after", "ending_before", "created")
        equal = [(name, "=", value) for name, value in self.given(*paging).items() if value is not None]
        return [*equal, *self.created.conditions("created")]


Model = TypeVar("Model", bound=Params)


def read(model: type[Model], given: Obj) -> Model:
    """Return the parameters as ``model``. Raises: InvalidParameter for the first thing that is wrong."""
    try:
        return model.model_validate(given)
    except ValidationError as refusal:
        raise _explained(refusal.errors()) from None


def merged(metadata: Obj, given: Metadata | None) -> Obj:
    """Return metadata after an update: named keys change, empty ones go, None clears all."""
    if given is None:
        return {}
    return {name: value for name, value in {**metadata, **given}.items() if value != ""}


def _explained(errors: Sequence[ErrorDetails]) -> InvalidParameter:  # noqa: PLR0911 - one per wording
    unknown = [_bracketed(error["loc"]) for error in errors if error["type"] == "extra_forbidden"]
    if unknown:
        some = "parameters" if len(unknown) > 1 else "parameter"
        return InvalidParameter(
            f"Received unknown {some}: {', '.join(unknown)}", code="parameter_unknown", param=unknown[0]
        )
    error = errors[0]
    name = _bracketed(error["loc"])
    match error["type"]:
        case "missing":
            return InvalidParameter(f"Missing required param: {name}.", code="parameter_missing", param=name)
        case "int_parsing" | "int_type" if error["input"] is not None:
            return InvalidParameter(
                f"Invalid integer: {error['input']}", code="parameter_invalid_integer", param=name
            )
        case "bool_parsing":
            return InvalidParameter(f"Invalid boolean: {error['input']}", param=name)
        case "literal_error":
            expected = error.get("ctx", {}).get("expected", "")
            return InvalidParameter(
                f"Invalid {name}: must be one of {expected.replace(chr(39), '')}", param=name
            )
        case _ if error["input"] is None:
            return InvalidParameter(
                f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a"
                f" parameter; however '{name}' cannot be unset.",
                code="parameter_invalid_empty",
                param=name,
            )
        case _:
            return InvalidParameter(f"Invalid {name}: {error['msg']}", param=name)


def _bracketed(location: tuple[int | str, ...]) -> str:
    head, *rest = (str(step) for step in location)
    return head + "".join(f"[{step}]" for step in rest)
