"""After each fault: the jobs come to an end, the invariants hold, and the logs tell no secrets."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.check_invariants.__main__ import check_invariants
from scripts.check_invariants.checking import Finding
from scripts.faults.load import Ledger
from scripts.faults.stage import Stage
from scripts.faults.system import System, wait_for

# A periodic sweep takes up what a start-up sweep came too early for.
JOBS_END_WITHIN_S = 150
EVERYBODY = 1_000_000


@dataclass(frozen=True)
class Proof:
    findings: Sequence[Finding]
    jobs_ended_after_s: float
    secrets_in_logs: int

    @property
    def broken(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.broken]


def prove(stage: Stage) -> Proof:
    system = stage.system
    waited = wait_for(lambda: system.jobs_left() == 0, "后台任务全部完成", within_s=JOBS_END_WITHIN_S)
    answers = _all_answers(stage.folder, stage.ledgers)
    found = check_invariants(system.database_url, system.parts.city, answers=answers, sample=EVERYBODY)
    return Proof(list(found), round(waited, 2), _secrets_in_logs(system, stage.town.secrets))


def _all_answers(folder: Path, ledgers: Sequence[Ledger]) -> Path:
    path = folder / "answers.jsonl"
    path.write_text("".join(ledger.path.read_text() for ledger in ledgers))
    return path


def _secrets_in_logs(system: System, secrets: Sequence[str]) -> int:
    """How many secrets stand in any log: of WeChat, of the database, of people and their sessions."""
    all_secrets = [
        *secrets,
        system.settings.wechat_secret.get_secret_value(),
        system.postgres.password,
    ]
    texts = [path.read_text(errors="replace") for path in system.logs()]
    return sum(secret in text for secret in all_secrets for text in texts)
