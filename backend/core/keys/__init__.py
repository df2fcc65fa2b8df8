"""The key ring: every secret key the backend uses, each with an id so that it can be replaced.

`ring` holds the values, `turning` the steps of replacing one, `files` and `kms` the places a ring
comes from, `live` the ring of a running process, and `readers` who goes by which ring. How an
operator replaces a key stands in docs/keys.md.
"""

from backend.core.keys.files import (
    FileKeys,
    KeySource,
    TrialKeys,
    load_key_ring,
    load_or_create_key_ring,
    write_key_ring,
)
from backend.core.keys.kms import Kms, KmsFailed, KmsKeys, KmsSettings
from backend.core.keys.live import LiveKeys
from backend.core.keys.ring import (
    TICKET_KEY_LIFE,
    TICKET_KEY_NOTICE,
    TICKET_KEY_OVERLAP,
    IndexKey,
    KeyRing,
    SealKey,
    SecretKey,
    TicketSigningKey,
    new_key_ring,
)
from backend.core.keys.turning import with_next_seal_key, with_next_ticket_key

__all__ = [
    "TICKET_KEY_LIFE",
    "TICKET_KEY_NOTICE",
    "TICKET_KEY_OVERLAP",
    "FileKeys",
    "IndexKey",
    "KeyRing",
    "KeySource",
    "Kms",
    "KmsFailed",
    "KmsKeys",
    "KmsSettings",
    "LiveKeys",
    "SealKey",
    "SecretKey",
    "TicketSigningKey",
    "TrialKeys",
    "load_key_ring",
    "load_or_create_key_ring",
    "new_key_ring",
    "with_next_seal_key",
    "with_next_ticket_key",
    "write_key_ring",
]
