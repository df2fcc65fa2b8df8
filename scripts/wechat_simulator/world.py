"""All state of the simulator in one place."""

from pathlib import Path

from scripts.wechat_simulator.clock import Clock
from scripts.wechat_simulator.faults import Faults
from scripts.wechat_simulator.journal import Journal
from scripts.wechat_simulator.persons import Persons
from scripts.wechat_simulator.tokens import Tokens
from scripts.wechat_simulator.wire import Refused


class World:
    """One mini-program with its persons, tokens and time."""

    def __init__(self, *, appid: str, secret: str, state: Path) -> None:
        self.appid = appid
        self._secret = secret
        self.clock = Clock()
        self.persons = Persons(state, appid, self.clock)
        self.tokens = Tokens(self.clock)
        self.faults = Faults()
        self.journal = Journal()

    def check_application(self, appid: object, secret: object) -> None:
        """Refuse a call that does not name this mini-program and its secret."""
        if not appid:
            raise Refused(41002)
        if not secret:
            raise Refused(41004)
        if appid != self.appid:
            raise Refused(40013)
        if secret != self._secret:
            raise Refused(40125)

    def reset(self) -> None:
        for part in (self.persons, self.tokens, self.faults, self.journal, self.clock):
            part.reset()
