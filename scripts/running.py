"""Where the running system is, and whom one may play in it: `run.json` in the data folder.

`run` writes it, the demonstration and the tests read it. It holds invitations, so it is the owner's.
"""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

# The demonstration city is drawn from this number.
SEED = 20220712

FILE_NAME = "run.json"


class Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class PersonToPlay(Written):
    """A demonstration person: `user` signs in at the simulator, `shows` says what to look at."""

    user: str
    name: str
    id_number: str
    shows: str


class ClerkToPlay(Written):
    """Somebody invited to work at a shop, with the one-time invitation."""

    user: str
    shop: str
    invite: str


class Running(Written):
    """The running system: its addresses, its city, its people."""

    city: str
    backend: str
    simulator: str
    people: list[PersonToPlay]
    clerks: list[ClerkToPlay]

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """What the last `run` on this folder wrote; None when there was none, or an older version's."""
        try:
            return cls.model_validate_json((folder / FILE_NAME).read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    def write(self, folder: Path) -> None:
        draft = folder / f"{FILE_NAME}.new"
        draft.touch(mode=0o600)
        draft.write_text(self.model_dump_json(indent=1) + "\n")
        draft.replace(folder / FILE_NAME)
