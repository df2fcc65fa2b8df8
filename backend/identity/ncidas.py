"""The national network identity (国家网络身份认证): the national platform is asked, not WeChat.

A stub until the city is admitted: the form follows what is published, the platform's own paper may
differ. The phone calls `wx.ncidas` with our parameters; afterwards the platform says whether the
person of this name and number has identified themselves, and under which name it knows them here.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import requests
import structlog

from backend.identity.claims import Claim
from backend.identity.errors import CheckPending, ProviderUnavailable
from backend.identity.providers import Asked, Begun, Verdict

LIFE = timedelta(minutes=30)
# The person shows the network certificate and types its password.
WITH_PASSWORD = "1"  # noqa: S105 - a kind of check
VERIFY = "verify"
PASSED, NOT_YET = 0, 1
TIMEOUT_S = (2, 5)
RETRY_AFTER_S = 5

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Platform:
    """Where the platform is, and as whom it knows us."""

    base_url: str
    org_id: str
    business_id: str


class NationalIdentity:
    """Passes only when the platform says so for exactly this name, number and check."""

    begins_with_check = True

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._http = requests.Session()
        self._http.trust_env = False

    def begin(self, claim: Claim, *, openid: str, number: str) -> Begun:  # noqa: ARG002
        parameters = {**self._names(number), "type": WITH_PASSWORD}
        return Begun(LIFE, for_phone={"parameters": parameters})

    def verdict(self, claim: Claim, asked: Asked | None) -> Verdict:
        assert asked is not None
        body = {**self._names(asked.number), "name": claim.name, "idNumber": claim.id_number}
        answer = self._ask(body)
        code, scoped_id = answer.get("resultCode"), answer.get("personID")
        if code == NOT_YET:
            raise CheckPending
        if code != PASSED:
            return Verdict(passed=False, code=code if isinstance(code, int | str) else None)
        if not isinstance(scoped_id, str) or not scoped_id:
            raise ProviderUnavailable(retry_after=RETRY_AFTER_S)
        return Verdict(passed=True, code=code, scoped_id=scoped_id)

    def _names(self, number: str) -> dict[str, str]:
        return {"orgID": self._platform.org_id, "businessID": self._platform.business_id, "bizSeq": number}

    def _ask(self, body: dict[str, str]) -> dict[str, Any]:
        """The platform's answer, or ProviderUnavailable, which quotes nothing of what was sent."""
        reason = "not a JSON object"
        try:
            response = self._http.post(
                self._platform.base_url.rstrip("/") + "/" + VERIFY,
                json=body,
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )
            answer = response.json() if response.status_code == 200 else None
        except requests.RequestException as error:
            answer, reason = None, type(error).__name__
        if not isinstance(answer, dict):
            log.warning("ncidas.no_useful_answer", reason=reason)
            raise ProviderUnavailable(retry_after=RETRY_AFTER_S)
        return answer
