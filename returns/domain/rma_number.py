"""RMA numbers made for handwriting: eight random symbols and one check symbol, `RMA-7K3F-9Q2M-X`.

31 symbols (2-9 and A-Z without I, L and O), so that nothing on a box can be misread as something else. The check symbol
is a weighted sum modulo 31. 31 is prime and the weights differ, so every single wrong symbol and every swap of two
symbols is found. A number is not a secret: it is written on packages and spoken on the phone.
"""

import secrets
from dataclasses import dataclass
from enum import StrEnum

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
BODY_LENGTH = 8
PREFIX = "RMA"

_VALUE = {symbol: index for index, symbol in enumerate(ALPHABET)}
_WEIGHTS = tuple(range(2, 2 + BODY_LENGTH))
_IGNORED = str.maketrans("", "", " -–—_.#\t\r\n")


class Reading(StrEnum):
    """What a typed text is, before anything is looked up."""

    VALID = "valid"
    MISTYPED = "mistyped"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """A typed text read as an RMA number; `number` is its canonical form where it is valid, else empty."""

    reading: Reading
    number: str = ""


def check_symbol(body: str) -> str:
    """The check symbol of eight symbols of the alphabet; KeyError for any other symbol."""
    return ALPHABET[sum(weight * _VALUE[symbol] for weight, symbol in zip(_WEIGHTS, body, strict=True)) % len(ALPHABET)]


def random_symbols(count: int) -> str:
    """`count` symbols of the alphabet from the system's secure source (just under five bits each)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def new_rma_number() -> str:
    """A fresh RMA number. Uniqueness is the database's; who stores it draws again on a collision."""
    return format_rma_number(random_symbols(BODY_LENGTH))


def format_rma_number(body: str) -> str:
    """`RMA-7K3F-9Q2M-X` of the eight symbols `7K3F9Q2M`."""
    return f"{PREFIX}-{body[:4]}-{body[4:]}-{check_symbol(body)}"


def new_reference() -> str:
    """A fresh reference `4T7H-2WPC`, which a request has from its first moment.

    No prefix and no check symbol, so that nobody writes it on a box instead of an RMA number.
    """
    symbols = random_symbols(BODY_LENGTH)
    return f"{symbols[:4]}-{symbols[4:]}"


def squeeze(text: str) -> str:
    """What was typed, in capitals and without spaces, dashes, dots and number signs."""
    return text.translate(_IGNORED).upper()


def read_rma_number(text: str) -> ReadNumber:
    """Read what a person typed or scanned as an RMA number.

    Tolerant of case, spaces and dashes, with or without the leading RMA. A text of the right form whose check symbol is
    wrong, or which has a symbol the alphabet leaves out, is `mistyped`: that is told apart from a well-formed number
    which nobody has. Everything else is `other` (an order number, a name).
    """
    symbols = squeeze(text)
    has_prefix = symbols.startswith(PREFIX) and len(symbols) > BODY_LENGTH + 1
    if has_prefix:
        symbols = symbols[len(PREFIX) :]
    if len(symbols) != BODY_LENGTH + 1:
        return ReadNumber(Reading.MISTYPED if has_prefix else Reading.OTHER)
    if any(symbol not in _VALUE for symbol in symbols):
        return ReadNumber(Reading.MISTYPED if has_prefix else Reading.OTHER)
    body, check = symbols[:-1], symbols[-1]
    if check_symbol(body) != check:
        return ReadNumber(Reading.MISTYPED)
    return ReadNumber(Reading.VALID, format_rma_number(body))


def corrections(text: str) -> frozenset[str]:
    """The RMA numbers one slip away from a mistyped text: one wrong symbol, or two that changed places.

    Empty where the text isn't a mistyped number of the right length. Which of them exist the database knows.
    """
    symbols = squeeze(text).removeprefix(PREFIX)
    if len(symbols) != BODY_LENGTH + 1:
        return frozenset()
    slips = {symbols[:at] + right + symbols[at + 1 :] for at in range(len(symbols)) for right in ALPHABET}
    slips |= {_swapped(symbols, at) for at in range(len(symbols) - 1)}
    return frozenset(found.number for slip in slips if (found := read_rma_number(slip)).reading is Reading.VALID)


def _swapped(symbols: str, at: int) -> str:
    return symbols[:at] + symbols[at + 1] + symbols[at] + symbols[at + 2 :]


def read_reference(text: str) -> str | None:
    """The reference a person typed, in its canonical form, or None where the text can't be one."""
    symbols = squeeze(text)
    if len(symbols) != BODY_LENGTH or any(symbol not in _VALUE for symbol in symbols):
        return None
    return f"{symbols[:4]}-{symbols[4:]}"


SHORTEST_BEGINNING = 4


def read_beginning(text: str) -> str | None:
    """The first four to eight symbols of a number as they are written, `7K3F-9Q`, with or without the leading RMA.

    None where the text is shorter, longer, or has a symbol that no number has.
    """
    symbols = squeeze(text).removeprefix(PREFIX)
    if not SHORTEST_BEGINNING <= len(symbols) <= BODY_LENGTH or any(symbol not in _VALUE for symbol in symbols):
        return None
    return f"{symbols[:4]}-{symbols[4:]}" if len(symbols) > SHORTEST_BEGINNING else symbols
