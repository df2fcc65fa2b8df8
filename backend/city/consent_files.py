"""The shape of `consents/<purpose>/<version>.md`: what a resident agrees to, word for word."""

from datetime import date

from backend.city.fields import CityData, Code, Text


class ConsentHead(CityData):
    """The front matter. `required_for` says what agreeing opens, `withdrawal` what ends after it."""

    title: Text
    effective_on: date
    required_for: Text
    withdrawal: Text


class ConsentText(ConsentHead):
    """One version of a text. `sha256` is of the UTF-8 text with LF line ends, without outer blank lines."""

    purpose: Code
    version: Code
    text: Text
    sha256: str


class Consents(dict[str, tuple[ConsentText, ...]]):
    """The texts of each purpose, oldest first."""

    def current(self, purpose: str, on: date) -> ConsentText | None:
        """The text in force that day; None when the purpose has none (yet)."""
        in_force = [text for text in self.get(purpose, ()) if text.effective_on <= on]
        return in_force[-1] if in_force else None
