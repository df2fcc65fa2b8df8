"""The audit trail, in words."""

import click

from backend.audit.queries import list_events
from backend.audit.words import ACTORS, action_name
from scripts.office.desk import Office, local_time, on_office, tell


@click.command(help="列出审计记录，最近的在前。")
@click.option("--subject", help="只看关于这个编号的。")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="最多几条。")
@on_office
def audit(office: Office, subject: str | None, limit: int) -> None:
    with office.transaction() as (db, _now):
        rows = [
            (
                local_time(event.occurred_at),
                action_name(event.action),
                ACTORS.get(event.actor_kind, event.actor_kind),
                f"{event.subject_kind} {event.subject_id}",
                " ".join(f"{name}={value}" for name, value in event.data.items()),
            )
            for event in list_events(db, subject_id=subject, limit=limit)
        ]
    tell(["时间", "事件", "谁", "关于", "内容"], rows)
