"""Elections and receipts as plain JSON data and back, and the recount from it. Reads and writes no file.

Weights and scores are text such as "3/2", times ISO 8601. Data that is none raises ValueError.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from bot.voting.decision import decide
from bot.voting.election import Election
from bot.voting.receipt import Receipt

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def to_data(thing: Election | Receipt) -> dict[str, Any]:
    data: dict[str, Any]
    if isinstance(thing, Election):
        data = _elections().dump_python(thing, mode="json")
    else:
        data = _receipts().dump_python(thing, mode="json")
    return data


def election_from_data(data: object) -> Election:
    return _elections().validate_python(data)


def receipt_from_data(data: object) -> Receipt:
    return _receipts().validate_python(data)


def recompute(data: object) -> Receipt:
    """From an exported election; equal to the receipt that was published."""
    return decide(election_from_data(data))


# pydantic is imported here because it costs a tenth of a second, which most commands need not spend.


@cache
def _elections() -> "TypeAdapter[Election]":
    from pydantic import TypeAdapter

    return TypeAdapter(Election)


@cache
def _receipts() -> "TypeAdapter[Receipt]":
    from pydantic import TypeAdapter

    return TypeAdapter(Receipt)
