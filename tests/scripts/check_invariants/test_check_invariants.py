"""Each invariant, broken by hand, is named with the row that breaks it."""

import json
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.config import PROJECT
from scripts.check_invariants.checking import Finding, check_answers, check_statements, statements
from scripts.check_invariants.recompute import check_recomputed, check_replayed
from tests.scripts.check_invariants.conftest import SmallCity
from tests.scripts.running_system import ENVIRONMENT

NO_GUARD = "ALTER TABLE {0} DISABLE TRIGGER append_only"
OLD_JOB = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'lost');"
    "UPDATE procrastinate_jobs SET status = '{0}';"
    "UPDATE procrastinate_events SET at = now() - interval '16 minutes';"
)
COMPUTED_AFTER = (
    "INSERT INTO audit_events (occurred_at, action, actor_kind, subject_kind, subject_id, data)"
    " SELECT decided_at + interval '{0} seconds', 'score.computed', 'system', 'resident',"
    " resident_id::text, '{{}}' FROM consents WHERE decision = 'withdrawn'"
)
WITHDRAW = "UPDATE consents SET decision = 'withdrawn' WHERE decision = 'given'"

BREAKS: dict[str, tuple[str, list[str]]] = {
    "a score without consent": ("scores_rest_on_consent", [WITHDRAW]),
    "a score computed after leaving": (
        "nothing_processed_without_consent",
        [COMPUTED_AFTER.format(61)],
    ),
    "a voucher claimed by somebody who never agreed": (
        "nothing_processed_without_consent",
        [NO_GUARD.format("consent_events"), "DELETE FROM consent_events WHERE decision = 'given'"],
    ),
    "a voucher open without consent": ("nothing_open_without_consent", [WITHDRAW]),
    "a score off by a thousandth": ("scores_add_up", ["UPDATE scores SET score_milli = score_milli + 1"]),
    "a line without its record": ("lines_name_their_record", ["DELETE FROM credit_records"]),
    "a record of somebody else": (
        "lines_name_their_record",
        [
            "UPDATE credit_records SET resident_id ="
            " (SELECT resident_id FROM consents WHERE decision = 'withdrawn')"
        ],
    ),
    "a line without its basis": (
        "lines_name_their_record",
        ["UPDATE scores SET explanation = replace(explanation::text, 'legal_basis', 'basis')::jsonb"],
    ),
    "a place taken by nobody": (
        "quotas_equal_vouchers",
        ["UPDATE quota_counts SET taken = taken + 1 WHERE scope = 'total'"],
    ),
    "a place of the day taken by nobody": (
        "quotas_equal_vouchers",
        ["UPDATE quota_counts SET taken = taken + 1 WHERE scope = 'day'"],
    ),
    "a voucher beside the quota": ("quotas_equal_vouchers", ["DELETE FROM quota_counts"]),
    "more than the quota": (
        "quotas_equal_vouchers",
        [
            "ALTER TABLE quota_counts DROP CONSTRAINT ck_quota_counts_within_quota",
            "UPDATE quota_counts SET quota = 0 WHERE scope = 'total'",
        ],
    ),
    "a use beside the shop's quota": (
        "shop_quotas_equal_uses",
        ["UPDATE quota_counts SET taken = taken - 1 WHERE scope = 'shop'"],
    ),
    "a claim not counted": (
        "personal_counts_equal_rows",
        ["UPDATE personal_counts SET times = times - 1 WHERE counted = 'claim' AND times > 0"],
    ),
    "a use not counted": (
        "personal_counts_equal_rows",
        ["UPDATE personal_counts SET times = times - 1 WHERE counted = 'use'"],
    ),
    "a use lost": ("uses_left_are_right", ["UPDATE vouchers SET uses_left = 1 WHERE uses = 2"]),
    "an issue not audited": (
        "vouchers_have_their_traces",
        [NO_GUARD.format("audit_events"), "DELETE FROM audit_events WHERE action = 'voucher.issued'"],
    ),
    "a cancelling not audited": (
        "vouchers_have_their_traces",
        [NO_GUARD.format("audit_events"), "DELETE FROM audit_events WHERE action = 'voucher.cancelled'"],
    ),
    "an audited voucher that is gone": (
        "vouchers_have_their_traces",
        [
            NO_GUARD.format("audit_events"),
            f"UPDATE audit_events SET subject_id = '{uuid4()}' WHERE action = 'voucher.issued'",
        ],
    ),
    "a use not audited": (
        "redemptions_have_their_traces",
        [NO_GUARD.format("audit_events"), "DELETE FROM audit_events WHERE action = 'voucher.redeemed'"],
    ),
    "an undoing not audited": (
        "redemptions_have_their_traces",
        [NO_GUARD.format("audit_events"), "DELETE FROM audit_events WHERE action = 'redemption.reversed'"],
    ),
    "a typed code for another's ticket": (
        "typed_codes_keep_to_their_shop",
        [
            "UPDATE typed_codes SET resident_id ="
            " (SELECT resident_id FROM consents WHERE decision = 'withdrawn')"
        ],
    ),
    "a typed code that a phone can show": (
        "typed_codes_keep_to_their_shop",
        [
            "UPDATE tickets SET anchor = decode(repeat('00', 16), 'hex')"
            " WHERE ticket_id IN (SELECT ticket_id FROM typed_codes)"
        ],
    ),
    "a use with another's ticket": (
        "redemptions_have_their_traces",
        ["UPDATE tickets SET resident_id = (SELECT resident_id FROM consents WHERE decision = 'withdrawn')"],
    ),
    "a resident not told": ("residents_were_told", ["DELETE FROM notices WHERE kind = 'voucher_redeemed'"]),
    "a resident told twice": (
        "residents_were_told",
        [
            "CREATE TEMP TABLE again ON COMMIT DROP AS SELECT * FROM notices WHERE kind = 'voucher_claimed'",
            "UPDATE again SET id = gen_random_uuid()",
            "INSERT INTO notices SELECT * FROM again",
        ],
    ),
    "an answer kept by half": ("kept_answers_are_complete", ["UPDATE idempotent_answers SET status = NULL"]),
    "a job that failed": ("no_job_is_lost", [OLD_JOB.format("failed")]),
    "a job whose worker is dead": ("no_job_is_lost", [OLD_JOB.format("doing")]),
    "a job that nobody does": ("no_job_is_lost", [OLD_JOB.format("todo")]),
    "a message that nobody sends": (
        "no_message_is_lost",
        [
            "INSERT INTO messages (notice_id, resident_id, template_id, state, attempts, created_at, due_at)"
            " SELECT id, resident_id, 'template', 'queued', 0, now(), now() - interval '16 minutes'"
            " FROM notices LIMIT 1"
        ],
    ),
    "a closed account with a score": (
        "nothing_open_of_the_closed",
        ["UPDATE residents SET closed_at = now(), closed_reason = 'moved_away' WHERE bound_at IS NOT NULL"],
    ),
    "a use that the resident cannot see": (
        "looks_at_use_are_recorded",
        [NO_GUARD.format("access_log"), "DELETE FROM access_log WHERE purpose LIKE '使用%'"],
    ),
    "a look without its audit event": (
        "looks_have_their_audit_row",
        [
            NO_GUARD.format("access_log"),
            "UPDATE access_log SET occurred_at = occurred_at + interval '1 second'",
        ],
    ),
    "a trail that can be changed": ("traces_cannot_be_changed", [NO_GUARD.format("access_log")]),
}


def names_of_broken(findings: list[Finding]) -> set[str]:
    return {finding.name for finding in findings if finding.broken}


def run(db: Session, sql: list[str]) -> None:
    for statement in sql:
        for part in filter(None, statement.split(";")):
            assert db.execute(text(part)).rowcount != 0, f"nothing was broken by {part}"  # type: ignore[attr-defined]


def test_every_invariant_holds_and_looked_at_something(broken: Session) -> None:
    findings = list(check_statements(broken))
    assert names_of_broken(findings) == set()
    looked = {finding.name for finding in findings if finding.looked}
    assert {statement.name for statement in statements()} - looked <= {"no_job_is_lost", "no_message_is_lost"}


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_is_named(broken: Session, name: str) -> None:
    invariant, sql = BREAKS[name]
    run(broken, sql)
    findings = {finding.name: finding for finding in check_statements(broken)}
    assert findings[invariant].broken > 0, name
    assert 0 < len(findings[invariant].first) <= 5


def test_every_invariant_has_a_break() -> None:
    assert {invariant for invariant, _sql in BREAKS.values()} == {one.name for one in statements()}


def test_what_was_under_way_when_somebody_left_may_end_within_a_minute(broken: Session) -> None:
    run(broken, [COMPUTED_AFTER.format(59)])
    assert names_of_broken(list(check_statements(broken))) == set()


def test_a_job_that_waits_for_its_time_is_not_lost(broken: Session) -> None:
    run(broken, [OLD_JOB.format("todo")])
    broken.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour'"))
    assert names_of_broken(list(check_statements(broken))) == set()


def test_scores_are_computed_again(broken: Session, small_city: SmallCity) -> None:
    def check() -> Finding:
        return check_recomputed(broken, small_city.city, size=100, seed="any")

    before = check()
    assert (before.looked, before.broken) == (1, 0)
    run(broken, ["UPDATE credit_records SET quantity = quantity + 1"])
    after = check()
    assert (after.looked, after.broken) == (1, 1)
    assert after.first == [str(broken.scalar(text("SELECT resident_id FROM scores")))]
    queued = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) SELECT 'default', 'scoring:rescore',"
        " jsonb_build_object('resident_id', resident_id) FROM scores"
    )
    run(broken, [queued])
    assert check().looked == 0, "a job will compute it"


def test_months_of_the_past_are_computed_again_from_what_the_records_were(
    broken: Session, small_city: SmallCity
) -> None:
    def check() -> Finding:
        return check_replayed(broken, small_city.city, size=100, seed="any")

    before = check()
    assert before.looked > 0
    assert before.broken == 0
    run(broken, ["UPDATE credit_records SET quantity = quantity + 1"])
    assert check().broken == 0, "the database kept what they were"
    run(broken, ["DELETE FROM credit_record_versions"])
    assert check().broken > 0


def told(path: Path, *answers: tuple[str, str, str]) -> Path:
    lines = [json.dumps(dict(zip(("kind", "key", "id"), answer, strict=True))) for answer in answers]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_answers_that_clients_saw_are_found(broken: Session, small_city: SmallCity, tmp_path: Path) -> None:
    answered = small_city.answered
    claim, use = ("claim", "claim-once", answered.voucher), ("redeem", "scan-once", answered.redemption)
    finding = check_answers(broken, told(tmp_path / "answers", claim, claim, use))
    assert (finding.looked, finding.broken) == (2, 0)


def test_an_answer_that_is_not_in_the_database_is_named(
    broken: Session, small_city: SmallCity, tmp_path: Path
) -> None:
    lost = str(uuid4())
    finding = check_answers(broken, told(tmp_path / "answers", ("claim", "lost", lost)))
    assert (finding.broken, finding.first) == (1, [f"claim lost {lost}"])
    not_undone = ("reverse", "undo", small_city.answered.redemption)
    assert check_answers(broken, told(tmp_path / "answers", not_undone)).broken == 1


def test_a_request_that_had_two_effects_is_named(
    broken: Session, small_city: SmallCity, tmp_path: Path
) -> None:
    vouchers = broken.scalars(text("SELECT id FROM vouchers LIMIT 2")).all()
    both = [("claim", "the same key", str(voucher)) for voucher in vouchers]
    assert check_answers(broken, told(tmp_path / "answers", *both)).broken == 2


def test_the_command_counts_in_chinese_and_fails_when_something_is_broken(
    broken: Session, small_city: SmallCity, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.json"
    command = [sys.executable, "-m", "scripts.check_invariants", "--data-dir", str(small_city.data_dir)]
    command += ["--json", str(summary)]
    environment = {**ENVIRONMENT, "DATABASE_URL": small_city.url}

    def check() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60
        )

    well = check()
    assert well.returncode == 0, well.stdout + well.stderr
    assert "0 项不成立" in well.stdout
    assert all(finding["broken"] == 0 for finding in json.loads(summary.read_text()))

    broken.execute(text("UPDATE quota_counts SET taken = taken + 1 WHERE scope = 'day'"))
    broken.commit()
    ill = check()
    broken.execute(text("UPDATE quota_counts SET taken = taken - 1 WHERE scope = 'day'"))
    broken.commit()
    assert ill.returncode == 1
    assert "1 项不成立" in ill.stdout
    assert "quotas_equal_vouchers" in ill.stdout
