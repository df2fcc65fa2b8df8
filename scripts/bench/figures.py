"""What was measured, as lines `name value unit`, and as ratios that another machine would show too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

BASELINE = Path(__file__).parent / "baseline.json"
# A ratio within one run still swings by a fifth on a busy machine.
TOLERATED_FALL = 0.3


@dataclass(frozen=True)
class Figure:
    """One scene; `cpu_us` is what the server's processes used per request."""

    name: str
    per_second: float
    answered: int
    p50_ms: float | None = None
    p99_ms: float | None = None
    cpu_us: float | None = None

    def lines(self) -> Iterator[str]:
        yield f"{self.name} {self.per_second:.0f} /s"
        for part, value, unit in (
            ("p50", self.p50_ms, "ms"),
            ("p99", self.p99_ms, "ms"),
            ("cpu", self.cpu_us, "us"),
        ):
            if value is not None:
                yield f"{self.name}_{part} {value:.4g} {unit}"


@dataclass(frozen=True)
class Ratio:
    """How a scene stands to its ceiling; `least` is what it must reach."""

    name: str
    of: str
    to: str
    least: float

    def value(self, figures: Mapping[str, Figure]) -> float:
        return figures[self.of].per_second / figures[self.to].per_second


RATIOS = (
    Ratio("redeem_to_statement", of="redeem", to="statement_redeem", least=0.15),
    Ratio("claim_to_statement", of="claim_spread", to="statement_claim", least=0.15),
    Ratio("claim_hot_to_plain", of="claim_hot", to="claim_hot_plain", least=5),
    Ratio("claim_hot_to_statement", of="claim_hot", to="statement_claim_hot", least=2),
    Ratio("incentive_list_to_hello", of="incentive_list", to="hello", least=0.35),
    Ratio("score_page_to_hello", of="score_page", to="hello", least=0.2),
)


def read_baseline() -> dict[str, float]:
    baseline: dict[str, float] = orjson.loads(BASELINE.read_bytes())
    return baseline


def write_baseline(ratios: Mapping[str, float]) -> None:
    rounded = {name: round(value, 3) for name, value in ratios.items()}
    BASELINE.write_bytes(orjson.dumps(rounded, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def fallen(ratios: Mapping[str, float], baseline: Mapping[str, float]) -> list[str]:
    """The names of those that fell by more than is tolerated."""
    return [name for name, before in baseline.items() if ratios[name] < before * (1 - TOLERATED_FALL)]
