"""What must not get into the city's files does not: refused by name, or left behind by the copy."""

import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.core.tokens import new_token
from backend.partners.document_checks import CLEANED_AT_ONCE, clean
from backend.partners.document_cleaner import MEMORY
from backend.partners.document_storage import document_store
from backend.partners.documents import content_of
from backend.partners.models import ApplicationState, UnitDocument
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.files import form
from tests.factories.units import new_application
from tests.security import hostile_files, hostile_pdfs, hostile_pictures
from tests.security.hostile_files import CLEANED, Hostile

UPLOAD = "/api/v1/public/unit-applications/documents"
FAMILIES: tuple[Callable[[], Iterator[Hostile]], ...] = (
    hostile_files.of_wrong_types,
    hostile_files.drawings_with_scripts,
    hostile_files.archive_bombs,
    hostile_files.polyglots,
    hostile_pictures.with_notes,
    hostile_pictures.pixel_bombs,
    hostile_pictures.mutilated,
    hostile_pdfs.that_act,
    hostile_pdfs.that_are_locked,
    hostile_pdfs.that_overwhelm,
    hostile_pdfs.that_are_broken,
)
# The program is ended after 10 seconds of work; a busy machine gives it half of them.
LONGEST_S = 25


def upload(app: Application, token: str, content: bytes) -> TestResponse:
    return app.test_client().post(UPLOAD, **form(content, token=token, requirement="licence"))


def test_the_hostile_files_are_many_and_each_is_another() -> None:
    files = [each for family in FAMILIES for each in family()]
    assert len(files) > 200
    assert len({each.name for each in files}) == len({each.content for each in files}) == len(files)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_a_hostile_file_is_refused_or_leaves_its_harm_behind(
    app: Application, db: Session, family: Callable[[], Iterator[Hostile]]
) -> None:
    files, before = list(family()), largest_child()
    tokens = [new_token() for _ in files]
    drafts = [new_application(db, token=token, state=ApplicationState.DRAFT) for token in tokens]

    def hand_in(token: str, hostile: Hostile) -> tuple[TestResponse, float]:
        begun = time.monotonic()
        return upload(app, token, hostile.content), time.monotonic() - begun

    with ThreadPoolExecutor(CLEANED_AT_ONCE) as many:
        answers = list(many.map(hand_in, tokens, files))
    for hostile, draft, (answer, seconds) in zip(files, drafts, answers, strict=True):
        assert seconds < LONGEST_S, hostile.name
        kept = db.scalars(select(UnitDocument).where(UnitDocument.application_id == draft.id)).all()
        if hostile.expected != CLEANED:
            assert set(refusal(answer, 422, hostile.expected)["errors"]) == {"file"}, hostile.name
            assert kept == [], hostile.name
            continue
        assert answer.status_code == 201, f"{hostile.name}: {answer.text}"
        content = content_of(kept[0], document_store())
        assert len(content) == answer.json["size"], hostile.name  # type: ignore[index]
        assert [harm for harm in hostile.harm if harm in content] == [], hostile.name
    # An earlier test may have had a larger child; then none of these has outgrown it.
    assert largest_child() < MEMORY or largest_child() == before


def largest_child() -> int:
    """Of all processes that this one has started and seen end, in bytes."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


@pytest.mark.parametrize("name", hostile_pdfs.sound_ones())
def test_a_sound_pdf_is_kept_as_it_is(name: str) -> None:
    sound = hostile_pdfs.sound_ones()[name]
    assert clean(sound).content == sound
