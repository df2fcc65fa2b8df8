"""Letters about sources that somebody should ask: to everybody of the office who may see the deliveries."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.mail import PostDesk
from backend.accounts.queries import get_account, list_office
from backend.accounts.roles import Permission
from backend.city import City
from backend.core.jobs import defer
from backend.sources import jobs
from backend.sources.models import SourceAlarm
from backend.sources.watching import Alert, watch_sources

REASONS = {
    Alert.LATE: "过了约定的时间还没有报送",
    Alert.ODD_VOLUME: "这一批的行数和以往相差很大",
    Alert.ODD_REFUSALS: "这一批没有收下的行比较多",
    Alert.FAILED: "最近一批没有收下",
}


def raise_alarms(db: Session, city: City, *, now: datetime) -> list[str]:
    """Queue a letter when something is wrong that nobody was told of yet, and give the sources' keys.

    What goes on being wrong is told of once; what was put right and happens again, anew.
    """
    known = {alarm.source: alarm for alarm in db.scalars(select(SourceAlarm).with_for_update())}
    news = []
    for watched in watch_sources(db, city=city, now=now):
        key, found = watched.source.key, sorted(alert.value for alert in watched.to_be_asked)
        alarm = known.get(key) or SourceAlarm(source=key, alerts=[], since=now)
        if set(found) - set(alarm.alerts):
            news.append(key)
        if found != alarm.alerts:
            alarm.alerts, alarm.since = found, now
            db.add(alarm)
    if news:
        for account in list_office(db, Permission.RECORDS_READ):
            defer(db, jobs.send_source_letter, account_id=str(account.id), sources=news)
    return news


def send_source_letter(
    db: Session, desk: PostDesk, city: City, account_id: UUID, sources: Sequence[str]
) -> None:
    """Only what is still wrong is written; nothing is sent when all was put right meanwhile."""
    query = select(SourceAlarm).where(SourceAlarm.source.in_(sources))
    alerts = {alarm.source: alarm.alerts for alarm in db.scalars(query)}
    lines = [
        f"{source.name}：{'；'.join(REASONS[Alert(alert)] for alert in alerts[source.key])}。"
        for source in city.sources
        if alerts.get(source.key)
    ]
    if lines:
        account = get_account(db, account_id)
        desk.write(
            to=account.email or "",
            subject="请过问数据源单位的报送",
            paragraphs=[
                f"{account.name}，您好：",
                *lines,
                "每个单位报送的情况，请在管理后台的“数据源单位”里查看：",
                desk.address.page("sources"),
            ],
        )
