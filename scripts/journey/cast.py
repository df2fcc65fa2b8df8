"""Who plays and with what: found by what the interface says, not by names or numbers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from backend.city import load_city
from backend.config import PROJECT
from backend.core.clock import SystemClock, day_in_china
from backend.identity.id_number import is_adult
from scripts.demonstration import generate_units
from scripts.journey.phone import Phone
from scripts.journey.stage import Stage
from scripts.journey.telling import NotAsTold
from scripts.running import SEED, ClerkToPlay, PersonToPlay

Offer = dict[str, Any]


@dataclass(frozen=True)
class Offers:
    """What the main person uses: a voucher, a standing entitlement, something of which one is left
    (or, after somebody else took it, none), and something that needs more points than they have."""

    voucher: Offer
    standing: Offer
    last_one: Offer
    too_dear: Offer


@dataclass(frozen=True)
class Tills:
    """Invited clerks: two at shops of the voucher, one at a shop where it does not hold."""

    own: ClerkToPlay
    sister: ClerkToPlay
    other: ClerkToPlay


def adults(stage: Stage) -> list[PersonToPlay]:
    today = day_in_china(SystemClock().now())
    return [person for person in stage.where.people if is_adult(person.id_number, today=today)]


def find_leads(stage: Stage) -> Iterator[PersonToPlay]:
    """People to tell the story about: first those who have not agreed yet, so as to begin at the start."""
    agreed = []
    for person in adults(stage):
        phone = stage.phone_of(person)
        phone.sign_in()
        if phone.consent_to_scoring()["given_at"] is None:
            yield person
        else:
            agreed.append(person)
    yield from agreed


def find_another(
    stage: Stage, suits: Callable[[Phone, dict[str, Any]], bool], *, besides: Sequence[Phone]
) -> Phone:
    """Somebody else with a score that suits. Who agreed only for this story takes it back in the end."""
    for person in adults(stage):
        if person.user in {phone.user for phone in besides}:
            continue
        phone = stage.phone_of(person)
        phone.sign_in()
        phone.bind(person.name, person.id_number)
        if phone.consent_to_scoring()["given_at"] is None:
            phone.agree()
        score = phone.get("/resident/score")
        if score.status == 200 and suits(phone, score.body):
            return phone
    raise NotAsTold("演示人物里没有找到合适的人")


def find_offers(stage: Stage, lead: Phone) -> Offers | None:
    """What the lead can show the whole story with; None when something of it is missing."""
    offers = list(lead.all_items("/resident/incentives"))
    mine = [offer for offer in offers if offer["eligible"] and offer["remaining_for_me"] > 0]
    details = [lead.get(f"/resident/incentives/{offer['id']}").body for offer in mine]
    simple = [detail for detail in details if is_always_open(detail) and is_simple(detail)]
    vouchers = [one for one in simple if one["uses"] == 1 and one["remaining"] is not None]
    scarce = sorted(
        (one for one in vouchers if one["remaining"] <= 1), key=lambda one: -int(one["remaining"])
    )
    found = {
        "voucher": next((one for one in vouchers if one["remaining"] > 1 and find_tills(stage, one)), None),
        "standing": next((one for one in simple if one["form"] == "standing" and is_limited(one)), None),
        "last_one": next(iter(scarce), None),
        "too_dear": next((one for one in offers if (one["missing"] or {}).get("kind") == "points"), None),
    }
    complete = {name: offer for name, offer in found.items() if offer}
    return Offers(**complete) if len(complete) == len(found) else None


def is_always_open(offer: Offer) -> bool:
    return offer["days"] is None and offer["hours"] is None


def is_simple(offer: Offer) -> bool:
    """Neither two digits to say nor something to bring back."""
    return not offer["needs_match"] and not offer["has_return"]


def is_limited(offer: Offer) -> bool:
    """Twice a day: shows a limit without many scans, and none of it is used up yet."""
    limit = offer["limit"]
    return bool(limit["period"] == "day" and limit["times"] == offer["remaining_for_me"] == 2)


def find_tills(stage: Stage, offer: Offer) -> Tills | None:
    names = {shop["name"] for shop in offer["shops"]}
    inside = [clerk for clerk in stage.where.clerks if clerk.shop in names]
    outside = [clerk for clerk in stage.where.clerks if clerk.shop not in names]
    return Tills(inside[0], inside[1], outside[0]) if len(inside) > 1 and outside else None


def find_settled_clerk(stage: Stage, offer: Offer) -> Phone:
    """Somebody who already works at a shop of the offer; the demonstration city came with them."""
    city = load_city(PROJECT / "cities" / stage.where.city)
    shops = [shop for unit in generate_units(city, SEED) for shop in unit.shops]
    clerk_at = {shop.name: shop.clerks[-1].user for shop in shops}
    shop = next(shop["name"] for shop in offer["shops"] if shop["name"] in clerk_at)
    phone = stage.phone(clerk_at[shop], shop)
    if phone.sign_in_as_clerk().status != 200:
        raise NotAsTold(f"{shop}没有能登录的店员")
    return phone
