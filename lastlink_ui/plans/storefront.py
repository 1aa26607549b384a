"""The public page in words ready to show, the same for the served HTML and for the live page. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lastlink_ui.plans.accent import Accent
from lastlink_ui.plans.service import PublicPage, PublicPlan
from lastlink_ui.text import t
from lastlink_ui.text.formats import money
from lastlink_ui.text.initials import initials

_DESCRIPTION_MAX = 200


@dataclass(frozen=True, slots=True)
class PlanCard:
    """A plan as the page shows it."""

    id: str
    name: str
    lines: list[str]
    """What stands below the name: the description, then what it comes to per month."""
    price: str
    every: str
    """`por mês`, `a cada 3 meses`: what the price is for."""
    tag: str
    """`Mais popular`, or nothing."""
    benefits: list[str]
    """What is in it, a line each."""


@dataclass(frozen=True, slots=True)
class Storefront:
    """Everything above the form."""

    title: str = ""
    name: str = ""
    handle: str = ""
    """With its @."""
    about: str = ""
    initials: str = ""
    picture: str = ""
    """Where the creator's picture is, "" for none."""
    colours: dict[str, str] = field(default_factory=dict[str, str])
    """CSS custom properties."""
    withdrawal: str = ""
    """What may be withdrawn from, and for how long."""
    plans: list[PlanCard] = field(default_factory=list[PlanCard])

    @classmethod
    def of(cls, page: PublicPage) -> "Storefront":
        """`page` in words."""
        return cls(
            title=title_of(page),
            name=page.name,
            handle=f"@{page.handle}",
            about=page.about,
            initials=initials(page.name),
            picture=picture_path(page.picture),
            colours=colours_of(page.accent),
            withdrawal=t("public.withdrawal.renewals" if page.covers_renewals else "public.withdrawal.first"),
            plans=[_card(plan) for plan in page.plans],
        )


def picture_path(picture: str, kind: str = "webp") -> str:
    """Where the picture with that id is served, as `webp` or `jpg`; "" for none."""
    return f"/p/{picture}.{kind}" if picture else ""


def title_of(page: PublicPage) -> str:
    """The page's title, in the browser and in link previews."""
    return t("public.title", name=page.name, handle=page.handle)


def description_of(page: PublicPage) -> str:
    """One or two sentences for link previews: the price that one can begin with, then the creator's text."""
    about = " ".join(page.about.split())
    cheapest = cheapest_of(page.plans)
    price = (
        t("public.from_price", price=money(cheapest.amount), every=t(f"period_price.{cheapest.period}"))
        if cheapest
        else ""
    )
    text = " ".join(part for part in (price, about) if part) or t("public.no_text", name=page.name)
    return text if len(text) <= _DESCRIPTION_MAX else f"{text[: _DESCRIPTION_MAX - 1].rstrip()}…"


def cheapest_of(plans: Sequence[PublicPlan]) -> PublicPlan | None:
    """The plan with the smallest first charge."""
    return min(plans, key=lambda plan: plan.amount, default=None)


def chosen_beforehand(page: PublicPage) -> PublicPlan | None:
    """The plan that is marked when the page opens: the most popular one, else the first."""
    popular = (plan for plan in page.plans if plan.highlighted)
    return next(popular, page.plans[0] if page.plans else None)


def colours_of(accent: str) -> dict[str, str]:
    """The creator's colour as custom properties for assets/fan.css."""
    usable = Accent.of(accent)
    return {
        "--brand": usable.fill,
        "--on-brand": usable.on_fill,
        "--brand-shade": usable.shade,
        "--brand-edge-light": usable.edge_light,
        "--brand-edge-dark": usable.edge_dark,
    }


def _card(plan: PublicPlan) -> PlanCard:
    lines = [plan.description] if plan.description else []
    if plan.saving:
        lines.append(t("public.saving", price=money(plan.per_month), percent=plan.saving))
    elif not lines:
        lines.append(t(f"public.charged.{plan.period}"))
    return PlanCard(
        id=str(plan.id),
        name=plan.name,
        lines=lines,
        price=money(plan.amount),
        every=t(f"period_price.{plan.period}"),
        tag=t("public.most_popular") if plan.highlighted else "",
        benefits=list(plan.benefits),
    )
