"""Documents of an application: handed in, taken back, read by the office and by the unit it became."""

import io
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.config import Settings
from backend.core.scopes import Scope, enter
from backend.main import LARGEST_BODY, Parts
from backend.partners import jobs
from backend.partners.document_checks import LARGEST_DOCUMENT
from backend.partners.document_storage import document_store
from backend.partners.documents import MOST_BYTES, MOST_OF_ONE_KIND, content_of
from backend.partners.models import UnitDocument
from backend.web.application import Application
from tests.backend.concurrency.races import Naive, naive_winners, outcomes, together
from tests.backend.partners.conftest import Applicant, decide
from tests.factories.answers import refusal
from tests.factories.catalogue import new_shop
from tests.factories.console import Colleague, seat
from tests.factories.files import form, jpeg, pdf, png
from tests.factories.trail import audit_actions
from tests.factories.units import new_document

MIB = 1024 * 1024
PUBLIC = "/public/unit-applications/documents"
# What is read and written where nothing locks the application.
ROOM_LEFT = f"""
SELECT max(id::text)::uuid AS other FROM unit_documents WHERE application_id = %(id)s
HAVING sum(size) + %(size)s <= {50 * MIB}
"""
ONE_MORE = """
INSERT INTO unit_documents
SELECT gen_random_uuid(), application_id, requirement, media_type, %(size)s, sha256, key_cipher, now()
FROM unit_documents WHERE id = %(other)s
"""


@pytest.fixture
def applicant(empty_handed: Applicant) -> Applicant:
    return empty_handed


def hand_in(applicant: Applicant, file: bytes | str, **other: str) -> TestResponse:
    fields = {"token": applicant.token, "requirement": "licence", **other}
    return applicant.call("POST", PUBLIC, **form(file, "执照.exe", **fields))


def held(applicant: Applicant) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = applicant.look().json["documents"]  # type: ignore[index]
    return documents


def take_back(applicant: Applicant, document_id: str) -> TestResponse:
    return applicant.post(f"{PUBLIC}/removal", {"token": applicant.token, "document_id": document_id})


def look_at(applicant: Applicant, document_id: str) -> TestResponse:
    return applicant.post(f"{PUBLIC}/content", {"token": applicant.token, "document_id": document_id})


def fill_up(db: Session, applicant: Applicant, *, leaving: int) -> UUID:
    """So many documents that no more than this is left of the limit."""
    application = applicant.application(db)
    for number in range(5):
        document = new_document(db, application, requirement=f"other-{number}")
        document.size = 10 * MIB - (leaving if number == 0 else 0)
    db.commit()
    assert MOST_BYTES == 50 * MIB
    return application.id


def remove_last(db: Session, application_id: UUID) -> None:
    newest = select(UnitDocument).where(UnitDocument.application_id == application_id)
    db.delete(db.scalars(newest.order_by(UnitDocument.uploaded_at.desc())).first())
    db.commit()


def read(reviewer: Colleague, document_id: str, **headers: str) -> TestResponse:
    return reviewer.call("POST", f"/office/unit-documents/{document_id}/reading", json={}, headers=headers)


def test_a_document_goes_from_the_applicant_by_the_office_to_the_unit(
    applicant: Applicant, reviewer: Colleague, db: Session, app: Application
) -> None:
    uploaded = hand_in(applicant, pdf())
    assert uploaded.status_code == 201, uploaded.text
    document: Any = uploaded.json
    assert (document["media_type"], document["size"]) == ("application/pdf", len(pdf()))
    assert held(applicant) == [document]
    refusal(read(reviewer, document["id"]), 404, "not_found")

    assert applicant.submit().status_code == 200
    refusal(hand_in(applicant, pdf()), 409, "application.not_open")
    refusal(take_back(applicant, document["id"]), 409, "application.not_open")
    application_id = applicant.application(db).id
    seen: Any = reviewer.get(f"/office/unit-applications/{application_id}").json
    assert seen["documents"] == [document]
    for again in range(2):
        answer = read(reviewer, document["id"], **{"Idempotency-Key": "once"})
        assert answer.data == pdf(), f"asked {again + 1} times"
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="licence.pdf"'
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    read_twice = ["unit_document.uploaded", "unit_document.read", "unit_document.read"]
    assert audit_actions(db, "unit_document", document["id"]) == read_twice
    refusal(read(seat(db, app, "programme_manager"), document["id"]), 403, "permission.missing")
    refusal(read(seat(db, app, "reviewer", district="420203"), document["id"]), 404, "not_found")

    unit_id = decide(reviewer, application_id, "approval").json["unit_id"]  # type: ignore[index]
    applicant.join(db, UUID(unit_id))
    own: Any = applicant.get("/partner/unit/documents").json
    assert own["items"] == [document]
    path = f"/partner/unit/documents/{document['id']}/content"
    assert applicant.get(path).data == pdf()
    stranger = seat(db, app, "unit_manager", unit_id=new_shop(db).unit_id)
    assert stranger.get("/partner/unit/documents").json == {"items": []}
    refusal(stranger.get(path), 404, "not_found")


def test_a_document_is_taken_back_and_its_file_goes(
    applicant: Applicant, db: Session, settings: Settings
) -> None:
    document_id = hand_in(applicant, png()).json["id"]  # type: ignore[index]
    file = settings.documents_dir_in_use / f"{UUID(document_id).hex}.sealed"
    assert file.stat().st_mode & 0o777 == 0o600
    assert take_back(applicant, document_id).json["documents"] == []  # type: ignore[index]
    refusal(take_back(applicant, document_id), 404, "not_found")
    assert audit_actions(db, "unit_document", document_id) == [
        "unit_document.uploaded",
        "unit_document.removed",
    ]
    kept_id = hand_in(applicant, png()).json["id"]  # type: ignore[index]
    kept = file.with_name(f"{UUID(kept_id).hex}.sealed")
    jobs.sweep_document_files.func(timestamp=0)
    assert file.exists(), "a transaction might be under way that has just written it"
    long_ago = (datetime.now(UTC) - timedelta(hours=2)).timestamp()
    for path in (file, kept):
        os.utime(path, (long_ago, long_ago))
    jobs.sweep_document_files.func(timestamp=0)
    assert (file.exists(), kept.exists()) == (False, True)


def test_a_picture_is_kept_the_right_way_up_and_sealed(
    applicant: Applicant, db: Session, settings: Settings
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    document: Any = hand_in(applicant, jpeg(exif=exif)).json
    assert document["media_type"] == "image/jpeg"
    row = db.get_one(UnitDocument, UUID(document["id"]))
    sealed = (settings.documents_dir_in_use / f"{row.id.hex}.sealed").read_bytes()
    assert b"JFIF" not in sealed
    store = document_store()
    content = content_of(row, store)
    assert Image.open(io.BytesIO(content)).size == (80, 120)
    with pytest.raises(InvalidTag):
        store.read(row.id, bytes(32))


def test_what_is_wrong_with_an_upload_is_named_at_its_field(applicant: Applicant) -> None:
    too_large = pdf() + bytes(LARGEST_DOCUMENT)
    assert set(refusal(hand_in(applicant, too_large), 422, "document.too_large")["errors"]) == {"file"}
    refusal(hand_in(applicant, bytes(LARGEST_DOCUMENT + 2 * 1024 * 1024)), 413, "request.too_large")
    refusal(hand_in(applicant, b"GIF89a"), 422, "document.wrong_type")
    body = refusal(hand_in(applicant, pdf(), requirement="plan"), 422, "document.not_asked_for")
    assert set(body["errors"]) == {"requirement"}
    refusal(hand_in(applicant, pdf(), unasked="x"), 422, "request.invalid")
    refusal(hand_in(applicant, "no file"), 422, "request.invalid")
    refusal(hand_in(applicant, pdf(), token="nobody's"), 410, "application.link_invalid")
    assert held(applicant) == []


def test_only_this_call_takes_a_large_body(applicant: Applicant) -> None:
    long = "x" * LARGEST_BODY
    refusal(applicant.post("/public/unit-applications/look", {"token": long}), 413, "request.too_large")


def test_one_applicant_takes_back_nothing_of_another(
    applicant: Applicant, new_applicant: Callable[[], Applicant], db: Session
) -> None:
    document_id = hand_in(applicant, pdf()).json["id"]  # type: ignore[index]
    other = new_applicant()
    other.ask_for_link()
    other.open_letter(db)
    refusal(take_back(other, document_id), 404, "not_found")
    refusal(take_back(other, str(uuid4())), 404, "not_found")
    assert len(held(applicant)) == 1


def test_so_many_documents_and_no_more(applicant: Applicant) -> None:
    for _ in range(MOST_OF_ONE_KIND):
        assert hand_in(applicant, pdf()).status_code == 201
    refusal(hand_in(applicant, pdf()), 409, "document.too_many")


def test_a_document_that_must_come_is_missed(applicant: Applicant) -> None:
    body = refusal(applicant.submit(), 422, "application.incomplete")
    assert set(body["errors"]) == {"documents.licence"}
    assert hand_in(applicant, pdf()).status_code == 201
    assert applicant.submit().status_code == 200


def test_an_applicant_sees_what_was_kept_and_nothing_of_another(
    applicant: Applicant, new_applicant: Callable[[], Applicant], db: Session
) -> None:
    document_id = hand_in(applicant, pdf()).json["id"]  # type: ignore[index]
    assert look_at(applicant, document_id).data == pdf()
    other = new_applicant()
    other.ask_for_link()
    other.open_letter(db)
    refusal(look_at(other, document_id), 404, "not_found")


def test_the_last_file_counts_before_it_is_kept(applicant: Applicant, db: Session) -> None:
    fill_up(db, applicant, leaving=len(pdf()) - 1)
    refusal(hand_in(applicant, pdf()), 409, "document.too_many")
    assert len(held(applicant)) == 5


def test_two_files_at_once_do_not_pass_the_limit_together(
    applicant: Applicant, db: Session, database_url: str
) -> None:
    application_id = fill_up(db, applicant, leaving=len(pdf()))
    others = [Applicant(applicant.app, mail=applicant.mail, token=applicant.token) for _ in range(3)]
    answers = together([partial(hand_in, each, pdf()) for each in others])
    assert outcomes(answers) == {201: 1, (409, "document.too_many"): 2}
    attempts = [Naive(ROOM_LEFT, ONE_MORE, {"id": application_id, "size": len(pdf())})] * 2
    assert naive_winners(database_url, *attempts) == 0, "the room is taken"
    remove_last(db, application_id)
    assert naive_winners(database_url, *attempts) == 2, "without the lock both would be kept"


def test_the_database_alone_keeps_units_apart(applicant: Applicant, parts: Parts) -> None:
    assert hand_in(applicant, pdf()).status_code == 201
    with parts.request_sessions() as scoped:
        assert scoped.query(UnitDocument).count() == 0
        enter(scoped, Scope(unit_id=uuid4()))
        assert scoped.query(UnitDocument).count() == 0
