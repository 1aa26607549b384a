"""The creator's colour made usable: whatever was picked, words and edges stay readable. Pure."""

import re
from dataclasses import dataclass

DEFAULT_ACCENT = "#7c3aed"
LIGHT_PAGE, DARK_PAGE = "#ffffff", "#131316"
"""The page behind the colour, by day and by night (`--bg` of assets/tokens.css)."""

# https://www.w3.org/TR/WCAG22/#contrast-minimum and #non-text-contrast
TEXT_CONTRAST, EDGE_CONTRAST = 4.5, 3.0

_HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_STEPS = 20
_SHADE = 0.16

_Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Accent:
    """One colour and what goes with it, each written `#rrggbb`."""

    fill: str
    """The colour itself, for buttons and the avatar."""
    on_fill: str
    """White or black, whichever reads better on `fill` and `shade`."""
    shade: str
    """The far end of the avatar's gradient, where `on_fill` reads better still."""
    edge_light: str
    """The colour as an edge on a light page, darkened as far as it takes to be seen."""
    edge_dark: str
    """The same on a dark page, lightened."""

    @classmethod
    def of(cls, colour: str) -> "Accent":
        """The accent of a picked colour; the default for what is not one."""
        fill = colour.lower() if _HEX.fullmatch(colour) else DEFAULT_ACCENT
        on_fill = max("#ffffff", "#000000", key=lambda text: contrast(text, fill))
        away = "#000000" if on_fill == "#ffffff" else "#ffffff"
        return cls(
            fill=fill,
            on_fill=on_fill,
            shade=_mixed(fill, away, _SHADE),
            edge_light=_seen_on(LIGHT_PAGE, fill, towards="#000000"),
            edge_dark=_seen_on(DARK_PAGE, fill, towards="#ffffff"),
        )


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _seen_on(page: str, colour: str, *, towards: str) -> str:
    """`colour`, mixed with `towards` no further than it must be to stand out from `page`."""
    mixes = (_mixed(colour, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next(mixed for mixed in mixes if contrast(mixed, page) >= EDGE_CONTRAST)


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_rgb(colour), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004


def _rgb(colour: str) -> _Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
