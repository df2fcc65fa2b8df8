"""Work for later: telling a resident what came of a report. Only the system knows whose it is."""

from uuid import UUID

from procrastinate import Blueprint
from sqlalchemy import update

from backend.core.jobs import TRY_AGAIN, unit_of_work
from backend.incentives.queries import find_by_ids
from backend.notices.models import NoticeKind
from backend.notices.service import notify
from backend.partners.queries import shop_names
from backend.reports.models import Report

blueprint = Blueprint()

NOTICES = {"answered": NoticeKind.REPORT_ANSWERED, "closed": NoticeKind.REPORT_CLOSED}


@blueprint.task(name="tell_resident", retry=TRY_AGAIN)
def tell_resident(report_id: str, state: str) -> None:
    with unit_of_work() as (db, clock):
        untold = (Report.id == UUID(report_id), Report.told.is_distinct_from(state))
        telling = update(Report).where(*untold).values(told=state)
        told = db.execute(telling.returning(Report.resident_id, Report.incentive_id, Report.shop_id))
        row = told.one_or_none()
        if row is None:
            return
        resident_id, incentive_id, shop_id = row
        offer = find_by_ids(db, [incentive_id])[incentive_id].title
        shop = shop_names(db, [shop_id])[shop_id]
        notify(db, resident_id, NOTICES[state], now=clock.now(), offer=offer, shop=shop)
