"""The shape of `consents/<purpose>/<version>.md`: what a resident agrees to, word for word."""

from datetime import date

from backend.city.dated_texts import DatedHead, DatedText, in_force
from backend.city.fields import Code, Text


class ConsentHead(DatedHead):
    """The front matter. `required_for` says what agreeing opens, `withdrawal` what ends after it."""

    required_for: Text
    withdrawal: Text


class ConsentText(ConsentHead, DatedText):
    """One version of a text."""

    purpose: Code


class Consents(dict[str, tuple[ConsentText, ...]]):
    """The texts of each purpose, oldest first."""

    def current(self, purpose: str, on: date) -> ConsentText | None:
        """The text in force that day; None when the purpose has none (yet)."""
        return in_force(self.get(purpose, ()), on)
