"""Work for later: letters to applicants leave after the commit of what they tell."""

from uuid import UUID

from procrastinate import Blueprint

from backend.accounts.mail import post_desk
from backend.city.serving import current_city
from backend.core.jobs import TRY_AGAIN, unit_of_work
from backend.partners import documents, letters, reminding, retention
from backend.partners.document_storage import document_store

blueprint = Blueprint()


@blueprint.task(name="send_application_link", retry=TRY_AGAIN)
def send_application_link(application_id: str) -> None:
    """Each try draws a new link, so a letter that did arrive after all is then void."""
    with unit_of_work() as (db, clock):
        letters.send_application_link(db, post_desk(), current_city(), UUID(application_id), now=clock.now())


# Half past nine in the morning in China; the queue counts in UTC.
@blueprint.periodic(cron="30 1 * * *")
@blueprint.task(name="remind_units", queueing_lock="remind_units")
def remind_units(timestamp: int) -> None:
    with unit_of_work() as (db, clock):
        reminding.remind(db, current_city(), now=clock.now())


@blueprint.task(name="send_duty_letter", retry=TRY_AGAIN)
def send_duty_letter(duty_id: str, account_id: str) -> None:
    with unit_of_work() as (db, clock):
        about = (UUID(duty_id), UUID(account_id))
        reminding.send_duty_letter(db, post_desk(), current_city(), *about, now=clock.now())


@blueprint.periodic(cron="35 18 * * *")
@blueprint.task(name="forget_untouched_applications", queueing_lock="forget_untouched_applications")
def forget_untouched_applications(timestamp: int) -> None:
    with unit_of_work() as (db, clock):
        retention.forget_untouched_applications(db, city=current_city(), now=clock.now())


@blueprint.periodic(cron="40 18 * * *")
@blueprint.task(name="sweep_document_files", queueing_lock="sweep_document_files")
def sweep_document_files(timestamp: int) -> None:
    with unit_of_work() as (db, clock):
        documents.sweep_files(db, document_store(), now=clock.now())
