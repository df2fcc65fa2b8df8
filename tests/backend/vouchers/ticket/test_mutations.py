"""A hundred thousand damaged codes: none crashes a till, none is honoured."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.vouchers.ticket.judge import Outcome
from backend.vouchers.ticket.malformed import Malformation, MalformedTicket

from .example import TEXT_OF_STEP_10, Till, bytes_of, text_of

CODES = 100_000
CODES_PER_EXAMPLE = 100
# A code that comes up twice counts once, so more are drawn than are needed.
EXAMPLES = CODES // CODES_PER_EXAMPLE * 14 // 10

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
ORIGINAL_BYTES = bytes_of(TEXT_OF_STEP_10)
# The other outcomes need another clock or a ticket that the city signed.
REACHABLE_OUTCOMES = {
    Outcome.UNKNOWN_KEY,
    Outcome.BAD_SIGNATURE,
    Outcome.STALE_STEP,
    Outcome.BROKEN_CHAIN,
}


def substitute(code, first, second, new):
    return code[:first] + new + code[first + 1 :]


def swap(code, first, second, new):
    kept, one, between, other = code[:first], code[first : first + 1], code[first + 1 : second], code[second:]
    return kept + other[:1] + between + one + other[1:]


def change_case(code, first, second, new):
    return code[:first] + code[first:second].swapcase() + code[second:]


def delete(code, first, second, new):
    return code[:first] + code[first + 1 :]


def insert(code, first, second, new):
    return code[:first] + new + code[first:]


def truncate(code, first, second, new):
    return code[:second]


def extend(code, first, second, new):
    return code + code[first:second] + new


EDITS = [substitute, swap, change_case, delete, insert, truncate, extend]
# Only a code of the right length meets the checks behind that of the length.
OFTEN_KEEPING_LENGTH = [substitute] * 8 + [swap] * 3 + EDITS


def damaged(code, random, new_symbol):
    places = range(len(code))
    for _ in range(random.choice([1, 1, 2, 3])):
        first, second = sorted(random.sample(places, 2))
        code = random.choice(OFTEN_KEEPING_LENGTH)(code, first, second, new_symbol())
    return code


def damaged_text(random):
    def any_symbol():
        return random.choice(DIGITS) if random.random() < 0.9 else chr(random.randrange(0x110000))

    return damaged(TEXT_OF_STEP_10, random, any_symbol)


def damaged_bytes(random):
    return text_of(damaged(ORIGINAL_BYTES, random, lambda: random.randbytes(1)))


def reaction_of_the_till(shown):
    try:
        return Till().scan(shown)
    except MalformedTicket as refusal:
        return refusal.reason


def test_no_damaged_code_crashes_a_till_or_is_honoured():
    tried = {TEXT_OF_STEP_10}
    reactions = set()

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.randoms(use_true_random=True))
    def scan_many(random):
        for _ in range(CODES_PER_EXAMPLE):
            shown = random.choice([damaged_text, damaged_bytes])(random)
            if shown not in tried:
                reaction = reaction_of_the_till(shown)
                assert reaction is not Outcome.VALID, shown
                reactions.add(reaction)
                tried.add(shown)

    scan_many()
    assert len(tried) > CODES
    assert reactions == set(Malformation) | REACHABLE_OUTCOMES
