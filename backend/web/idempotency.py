"""A repeated request gets the first answer, and has one effect.

The answer is kept in the transaction of the effect, so there is never one without the other. A
refusal has no effect and is not kept: its repeat is judged anew. Scope: actor, method and path.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from flask import Request, Response, g
from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.core.actor import Actor
from backend.core.database import Base
from backend.core.encryption import Encrypted, blind_index, index_of, is_same_text, place_of, vault
from backend.core.errors import DomainError, Kind
from backend.web.transaction import request_session
from backend.web.uploads import FILE_TYPES

HEADER = "Idempotency-Key"
LONGEST_KEY = 255
KEPT = timedelta(days=7)
WAIT_FOR_FIRST = "5s"
DIGEST = "idempotent_answers.request_digest"


class IdempotencyMismatch(DomainError):
    """The same key came with another body."""

    kind = Kind.INVALID
    code = "idempotency.mismatch"
    detail = "同一请求编号被用于不同的内容。"


class IdempotencyInProgress(DomainError):
    """The first request with this key has not been answered yet."""

    kind = Kind.CONFLICT
    code = "idempotency.in_progress"
    detail = "相同的请求正在处理，请稍后再试。"


class IdempotencyKeyInvalid(DomainError):
    """The key is empty or too long."""

    kind = Kind.INVALID
    code = "idempotency.invalid_key"
    detail = "请求编号应为 1 至 255 个字符。"


class IdempotentAnswer(Base):
    """The first executed answer to a key. The body may hold personal data, so it is encrypted."""

    __tablename__ = "idempotent_answers"

    id: Mapped[str] = mapped_column(primary_key=True)
    request_digest: Mapped[str] = index_of(DIGEST)
    status: Mapped[int | None]
    content_type: Mapped[str | None]
    body_cipher: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)

    body = Encrypted()


@dataclass(frozen=True)
class KeyedRequest:
    """A keyed request: with the first `answer` when there is one, else to be kept under `row_id`."""

    row_id: str
    answer: IdempotentAnswer | None
    digest: str = ""

    def replay(self) -> Response:
        assert self.answer is not None
        kept = self.answer
        answer = Response(kept.body or "", status=kept.status, content_type=kept.content_type)
        answer.headers["Idempotent-Replayed"] = "true"
        return answer

    def keep(self, answer: Response) -> None:
        if g.get("keeps_no_answer"):
            return self.forget()
        row = request_session().get_one(IdempotentAnswer, self.row_id)
        row.status, row.content_type = answer.status_code, answer.content_type
        row.body = answer.get_data(as_text=True)

    def forget(self) -> None:
        """For a refusal whose changes are kept: its repeat is judged anew like any other."""
        db = request_session()
        db.delete(db.get_one(IdempotentAnswer, self.row_id))

    def take_again(self) -> None:
        """After the transaction that held the key was given up; somebody may have been faster."""
        if not _is_first(request_session(), self.row_id, self.digest):
            raise IdempotencyInProgress


def begin(request: Request) -> KeyedRequest | None:
    """None when the request carries no key or nobody is signed in (sign-in codes work once anyway).

    A file that is the whole body is not held to be compared; what takes one must not mind it twice.
    """
    key = request.headers.get(HEADER)
    actor = g.get("actor")
    if key is None or actor is None or request.mimetype in FILE_TYPES:
        return None
    body = request.get_data(cache=True)
    row_id, digest = identify(request.method, request.path, body, actor=actor, key=key)
    db = request_session()
    if _is_first(db, row_id, digest):
        g.keyed = keyed = KeyedRequest(row_id, None, digest)
        return keyed
    answer = db.scalars(select(IdempotentAnswer).where(IdempotentAnswer.id == row_id)).one()
    if not is_same_text(DIGEST, bytes.fromhex(answer.request_digest), bytes.fromhex(digest)):
        raise IdempotencyMismatch
    return KeyedRequest(row_id, answer)


def keep_no_answer() -> None:
    """For a view that shows somebody's data: each time is a look of its own, and is judged and logged."""
    g.keeps_no_answer = True


def identify(method: str, path: str, body: bytes, *, actor: Actor, key: str) -> tuple[str, str]:
    """The id under which the answer is kept, and the fingerprint of what was asked."""
    if not 1 <= len(key) <= LONGEST_KEY:
        raise IdempotencyKeyInvalid
    scope = "\0".join([actor.kind, str(actor.id), method, path, key])
    # Keyed: an ID number could be guessed from a plain hash of the body that held it.
    digest = blind_index(DIGEST, sha256(body).hexdigest()).hex()
    return sha256(scope.encode()).hexdigest(), digest


def seal_body(row_id: str, body: str) -> bytes:
    """An answer's body as it is stored; for those who write the row without the model."""
    return vault().seal(body, place_of("idempotent_answers", "body_cipher", row_id))


def forget_old_answers(db: Session, *, now: datetime) -> None:
    db.execute(delete(IdempotentAnswer).where(IdempotentAnswer.created_at < now - KEPT))


def _is_first(db: Session, row_id: str, digest: str) -> bool:
    """Take the key. Waits a moment for another request holding it, which is then nearly done."""
    db.execute(text(f"SET LOCAL lock_timeout = '{WAIT_FOR_FIRST}'"))
    take = insert(IdempotentAnswer).values(id=row_id, request_digest=digest)
    try:
        taken = db.execute(take.on_conflict_do_nothing().returning(IdempotentAnswer.id)).scalar()
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == "55P03":  # lock_not_available
            raise IdempotencyInProgress from None
        raise
    db.execute(text("SET LOCAL lock_timeout = DEFAULT"))
    return taken is not None
