"""People, clerks, offers and codes for the load, made in bulk and as true as real ones.

What is measured goes over HTTP; what it takes beforehand (sessions, tickets) is written straight into
the database, with the audit rows that would have come with it.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.core.actor import ActorKind
from backend.core.clock import day_in_china
from backend.core.encryption import blind_index
from backend.core.ids import new_id
from backend.identity.models import Clerk, SignInSession
from backend.identity.tokens import AccessClaims, mint_access_token
from backend.incentives.models import Form, Incentive, IncentiveShop, IncentiveState, QuotaRule, QuotaScope
from backend.main import Parts
from backend.partners.models import Shop, Unit, UnitState
from backend.scoring.models import Score
from backend.vouchers.models import Ticket, Voucher, VoucherState
from backend.vouchers.ticket.layout import Flags, TicketBody
from backend.vouchers.ticket.phone import PhoneTicket
from backend.vouchers.ticket.signing import sign
from scripts.demonstration.copying import RowGatherer, send

SESSION_LIFE = timedelta(days=1)
# Short chains, which are quicker to draw; a till sees no difference.
TICKET_LIFE_MINUTES = 15
# A code is good two steps early and two late: shown this far ahead it is good from now on.
SHOWN_AHEAD = timedelta(seconds=60)
ENOUGH = 10_000_000
SHOPS = 20
UNIT_KEY = "bench"


@dataclass(frozen=True)
class Person:
    """A resident or clerk with an open session."""

    id: UUID
    session_id: UUID
    token: str


def sign_in_residents(parts: Parts, number: int, *, now: datetime) -> list[Person]:
    """The first residents who have a score of today."""
    scored = select(Score.resident_id).where(Score.as_of == day_in_china(now))
    with parts.sessions.begin() as db:
        ids = db.scalars(scored.order_by(Score.resident_id).limit(number)).all()
        return _open_sessions(db, parts, ActorKind.RESIDENT, ids, now)


def sign_in_clerks(parts: Parts, number: int, *, now: datetime) -> list[Person]:
    """Clerks of the bench's own shops, made when they are missing."""
    with parts.sessions.begin() as db:
        shops = _shops(db, now)
        ids = db.scalars(select(Clerk.id).where(Clerk.shop_id.in_(shops)).order_by(Clerk.id)).all()
        missing = [_new_clerk(shops[turn % len(shops)], now) for turn in range(number - len(ids))]
        db.add_all(missing)
        db.flush()
        everybody = [*ids, *(clerk.id for clerk in missing)][:number]
        return _open_sessions(db, parts, ActorKind.CLERK, everybody, now)


def publish_offers(parts: Parts, number: int, *, now: datetime) -> list[UUID]:
    """Vouchers open to everyone with a score, with quota enough, at all shops of the bench."""
    with parts.sessions.begin() as db:
        shops = _shops(db, now)
        first = (db.scalar(select(func.max(Incentive.number))) or 0) + 1
        offers = [_new_offer(first + turn, now) for turn in range(number)]
        db.add_all(offers)
        db.flush()
        for offer in offers:
            db.add(QuotaRule(incentive_id=offer.id, scope=QuotaScope.TOTAL, quota=ENOUGH))
            db.add_all(IncentiveShop(incentive_id=offer.id, shop_id=shop_id) for shop_id in shops)
        return [offer.id for offer in offers]


def end_offers(parts: Parts, offers: Sequence[UUID]) -> None:
    """Take them off the list, so that the next run finds the catalogue as this one did."""
    with parts.sessions.begin() as db:
        db.execute(update(Incentive).where(Incentive.id.in_(offers)).values(state=IncentiveState.ENDED))


def spread_wishes(people: Sequence[Person], offers: Sequence[UUID]) -> Iterator[tuple[Person, UUID]]:
    """Everybody with every offer once; neighbours differ in both, so that nobody waits for them."""
    for turn in range(len(people) * len(offers)):
        row, place = divmod(turn, len(people))
        yield people[place], offers[(place + row) % len(offers)]


def held_vouchers(parts: Parts, offers: Sequence[UUID], number: int) -> list[tuple[UUID, UUID, UUID]]:
    """Unused vouchers of these offers that have no ticket yet: voucher, resident, incentive."""
    query = (
        select(Voucher.id, Voucher.resident_id, Voucher.incentive_id)
        .where(Voucher.incentive_id.in_(offers), Voucher.state == VoucherState.ISSUED)
        .where(~select(Ticket).where(Ticket.voucher_id == Voucher.id).exists())
    )
    with parts.sessions() as db:
        return list(db.execute(query.order_by(Voucher.id).limit(number)).tuples())


def draw_codes(
    parts: Parts, vouchers: Sequence[tuple[UUID, UUID, UUID]], *, now: datetime
) -> Iterator[tuple[bytes, str]]:
    """A signed ticket for each voucher: its id, and its code as a phone shows it for the next minute."""
    start, rows = now.replace(microsecond=0), RowGatherer([Ticket, AuditEvent])
    key = parts.keys.ticket_key(now)
    with parts.sessions.begin() as db:
        numbers = dict(db.execute(select(Incentive.id, Incentive.number)).tuples().all())
        codes = []
        for voucher_id, resident_id, incentive_id in vouchers:
            phone = PhoneTicket.draw(secrets.token_bytes, life_minutes=TICKET_LIFE_MINUTES)
            body = TicketBody(
                key_id=key.key_id,
                ticket_id=phone.ticket_id,
                offer=numbers[incentive_id],
                not_before=int(start.timestamp()),
                life_minutes=TICKET_LIFE_MINUTES,
                flags=Flags(0),
                anchor=phone.anchor,
            )
            code = phone.show(sign(body, key.private_key), start + SHOWN_AHEAD)
            codes.append((phone.ticket_id, code))
            rows.add(
                Ticket,
                ticket_id=phone.ticket_id,
                resident_id=resident_id,
                incentive_id=incentive_id,
                voucher_id=voucher_id,
                anchor=phone.anchor,
                not_before=start,
                expires_at=body.expires_at,
                match_failures=0,
            )
            _audit(rows, "ticket.signed", ("incentive", incentive_id), resident_id, now, count=1)
        send(db, rows.take())
    yield from codes


def _open_sessions(
    db: Session, parts: Parts, kind: ActorKind, ids: Sequence[UUID], now: datetime
) -> list[Person]:
    rows, people = RowGatherer([SignInSession, AuditEvent]), []
    for subject_id in ids:
        session_id = new_id()
        claims = AccessClaims(kind, subject_id, session_id)
        token = mint_access_token(claims, key=parts.keys.session[-1], now=now)
        people.append(Person(subject_id, session_id, token))
        rows.add(
            SignInSession,
            id=session_id,
            resident_id=subject_id if kind is ActorKind.RESIDENT else None,
            clerk_id=subject_id if kind is ActorKind.CLERK else None,
            created_at=now,
            expires_at=now + SESSION_LIFE,
        )
        _audit(rows, "session.opened", ("session", session_id), subject_id, now, kind=kind)
    send(db, rows.take())
    return people


def _audit(
    rows: RowGatherer,
    action: str,
    subject: tuple[str, UUID],
    actor_id: UUID,
    now: datetime,
    *,
    kind: ActorKind = ActorKind.RESIDENT,
    **data: int,
) -> None:
    rows.add(
        AuditEvent,
        occurred_at=now,
        action=action,
        actor_kind=kind.value,
        actor_id=actor_id,
        subject_kind=subject[0],
        subject_id=str(subject[1]),
        data=data,
    )


def _shops(db: Session, now: datetime) -> Sequence[UUID]:
    ids = db.scalars(select(Shop.id).join(Shop.unit).where(Unit.key == UNIT_KEY).order_by(Shop.id)).all()
    if ids:
        return ids
    unit = Unit(
        id=new_id(),
        key=UNIT_KEY,
        name="示例·测速单位",
        category="culture_sport_tourism",
        example=True,
        state=UnitState.ACTIVE,
        joined_at=now,
    )
    unit.shops = [
        Shop(
            id=new_id(),
            name=f"测速门店{turn}",
            address="示例地址",
            district="420202",
            latitude=30.2,
            longitude=115.04,
        )
        for turn in range(SHOPS)
    ]
    db.add(unit)
    db.flush()
    return [shop.id for shop in unit.shops]


def _new_clerk(shop_id: UUID, now: datetime) -> Clerk:
    clerk_id, openid = new_id(), f"bench-{secrets.token_hex(8)}"
    clerk = Clerk(id=clerk_id, shop_id=shop_id, created_at=now, last_signed_in_at=now)
    clerk.openid_index = blind_index("clerks.openid", openid)
    clerk.openid = openid
    return clerk


def _new_offer(number: int, now: datetime) -> Incentive:
    today = day_in_china(now)
    return Incentive(
        id=new_id(),
        number=number,
        state=IncentiveState.PUBLISHED,
        form=Form.VOUCHER,
        title=f"测速激励{number}",
        summary="仅用于测速",
        category="culture_sport_tourism",
        unit_name="示例·测速单位",
        needed_milli=0,
        benefit_kind="discount",
        benefit="九折",
        terms=["不与其他优惠同享"],
        districts=[],
        valid_from=today,
        valid_until=today + timedelta(days=365),
        limit_times=1,
        limit_period="ever",
        uses=1,
        voucher_days=30,
        needs_match=False,
        offline=False,
        has_return=False,
        cost_bearer="unit",
        example=True,
        published_at=now,
    )
