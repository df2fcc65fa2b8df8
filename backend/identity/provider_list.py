"""All ways of proof there are, built with what each of them asks."""

from collections.abc import Collection

from sqlalchemy.orm import Session, sessionmaker

from backend.identity.ncidas import NationalIdentity, Platform
from backend.identity.providers import FACE, NCIDAS, SANDBOX, WINDOW, Face, IdentityProvider, Sandbox, Window
from backend.wechat.accounts import WeChat


def build_providers(
    names: Collection[str], *, sessions: sessionmaker[Session], wechat: WeChat, platform: Platform
) -> dict[str, IdentityProvider]:
    """Those in use, by name."""
    known: dict[str, IdentityProvider] = {
        SANDBOX: Sandbox(sessions),
        FACE: Face(wechat),
        NCIDAS: NationalIdentity(platform),
        WINDOW: Window(),
    }
    return {name: known[name] for name in names}
