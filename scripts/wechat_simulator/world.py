"""All state of the simulator in one place."""

from collections.abc import Iterable
from pathlib import Path

from scripts.wechat_simulator.clock import Clock
from scripts.wechat_simulator.faces import Faces
from scripts.wechat_simulator.faults import Faults
from scripts.wechat_simulator.journal import Journal
from scripts.wechat_simulator.ncidas import NetworkIdentities
from scripts.wechat_simulator.persons import Persons
from scripts.wechat_simulator.phones import Phones
from scripts.wechat_simulator.pushing import Pushes
from scripts.wechat_simulator.subscriptions import Subscriptions, Template
from scripts.wechat_simulator.tokens import Tokens
from scripts.wechat_simulator.wire import Refused


class World:
    """One mini-program with everything about it that WeChat knows."""

    def __init__(
        self,
        *,
        appid: str,
        secret: str,
        state: Path,
        templates: Iterable[Template] = (),
        pages: Iterable[str] = (),
    ) -> None:
        self.appid = appid
        self._secret = secret
        self.clock = Clock()
        self.persons = Persons(state, appid, self.clock)
        self.tokens = Tokens(self.clock)
        self.phones = Phones(self.clock)
        self.faces = Faces(self.clock)
        self.network_identities = NetworkIdentities(self.clock)
        self.subscriptions = Subscriptions(self.clock, templates, pages)
        self.pushes = Pushes(appid, self.clock)
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
        for part in (self.persons, self.tokens, self.phones, self.faces, self.subscriptions, self.pushes):
            part.reset()
        for tool in (self.network_identities, self.faults, self.journal, self.clock):
            tool.reset()
