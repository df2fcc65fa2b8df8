"""Passkeys (WebAuthn): a device signs what we asked; as a second factor, or alone when it has made sure
of its owner by a finger, a face or a PIN.

py_webauthn checks what is signed; which question it was, we look up ourselves, and take it away.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import options_to_json_dict, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from backend.accounts import queries
from backend.accounts.errors import PasskeyRefused
from backend.accounts.models import Account, Passkey, PasskeyChallenge
from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.console import ConsoleAddress
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.core.tokens import hash_token

GOOD_FOR = timedelta(minutes=5)
Options = dict[str, Any]
Credential = Mapping[str, Any]


@dataclass(frozen=True)
class Site:
    """For which address passkeys are made, and how it is called on the device."""

    address: ConsoleAddress
    name: str


def begin_registration(
    db: Session, site: Site, account: Account, *, session_id: UUID, now: datetime
) -> Options:
    """What the browser needs to make a passkey for this person."""
    options = generate_registration_options(
        rp_id=site.address.host,
        rp_name=site.name,
        user_id=account.id.bytes,
        user_name=account.email or "",
        user_display_name=account.name or "",
        exclude_credentials=_descriptors(queries.list_passkeys(db, account.id)),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    _remember(db, options.challenge, session_id, now)
    return options_to_json_dict(options)


def register(
    db: Session,
    site: Site,
    account: Account,
    *,
    credential: Credential,
    name: str,
    session_id: UUID,
    actor: Actor,
    now: datetime,
) -> Passkey:
    challenge = _take_challenge(db, credential, session_id, now)
    with _strangers_bytes():
        verified = verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site.address.host,
            expected_origin=site.address.origin,
        )
    passkey = Passkey(
        id=new_id(),
        account_id=account.id,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        created_at=now,
    )
    passkey.name = name
    db.add(passkey)
    subject = ("account", account.id)
    audit.record(db, "account.passkey_added", subject=subject, actor=actor, now=now, passkey=str(passkey.id))
    db.flush()
    return passkey


def remove(db: Session, account: Account, passkey_id: UUID, *, actor: Actor, now: datetime) -> None:
    gone = delete(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account.id)
    if db.execute(gone.returning(Passkey.id)).one_or_none() is None:
        raise NotFound
    subject, gone_id = ("account", account.id), str(passkey_id)
    audit.record(db, "account.passkey_removed", subject=subject, actor=actor, now=now, passkey=gone_id)


def begin_use(
    db: Session, site: Site, *, account_id: UUID | None, session_id: UUID | None, now: datetime
) -> Options:
    """What a passkey is to sign: of this person, or of whoever holds one for this site."""
    known = queries.list_passkeys(db, account_id) if account_id else []
    options = generate_authentication_options(
        rp_id=site.address.host,
        allow_credentials=_descriptors(known),
        user_verification=_verification(is_alone=session_id is None),
    )
    _remember(db, options.challenge, session_id, now)
    return options_to_json_dict(options)


def use_passkey(
    db: Session, site: Site, credential: Credential, *, session_id: UUID | None, now: datetime
) -> UUID:
    """Whose passkey signed what was asked in this session; PasskeyRefused otherwise."""
    challenge = _take_challenge(db, credential, session_id, now)
    with _strangers_bytes():
        credential_id = base64url_to_bytes(credential["id"])
    query = select(Passkey).where(Passkey.credential_id == credential_id).with_for_update()
    passkey = db.scalars(query).one_or_none()
    if passkey is None:
        raise PasskeyRefused
    with _strangers_bytes():
        verified = verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site.address.host,
            expected_origin=site.address.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=session_id is None,
        )
    passkey.sign_count, passkey.last_used_at = verified.new_sign_count, now
    return passkey.account_id


@contextmanager
def _strangers_bytes() -> Iterator[None]:
    """Whatever makes the library stumble is the sender's fault and never ours: it is given bytes only."""
    try:
        yield
    except Exception as error:
        raise PasskeyRefused from error


def _verification(*, is_alone: bool) -> UserVerificationRequirement:
    return UserVerificationRequirement.REQUIRED if is_alone else UserVerificationRequirement.PREFERRED


def _descriptors(passkeys: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=passkey.credential_id) for passkey in passkeys]


def _remember(db: Session, challenge: bytes, session_id: UUID | None, now: datetime) -> None:
    db.add(
        PasskeyChallenge(
            challenge_hash=hash_token(challenge.hex()), session_id=session_id, expires_at=now + GOOD_FOR
        )
    )


def _take_challenge(db: Session, credential: Credential, session_id: UUID | None, now: datetime) -> bytes:
    """The question that an answer says it answers, when we asked it in this session not long ago."""
    with _strangers_bytes():
        response = credential["response"]
        challenge = parse_client_data_json(base64url_to_bytes(response["clientDataJSON"])).challenge
    same_session = (
        PasskeyChallenge.session_id == session_id if session_id else PasskeyChallenge.session_id.is_(None)
    )
    taken = db.execute(
        delete(PasskeyChallenge)
        .where(PasskeyChallenge.challenge_hash == hash_token(challenge.hex()), same_session)
        .where(PasskeyChallenge.expires_at > now)
        .returning(PasskeyChallenge.expires_at)
    ).one_or_none()
    if taken is None:
        raise PasskeyRefused
    return challenge
