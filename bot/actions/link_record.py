"""What two members had before they became one, as JSON: so that they can be taken apart. Decides nothing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from bot.ports.rows.links import Belonging, Membership


@dataclass(frozen=True, slots=True)
class Share:
    """In one group. `own` and `left` only of what `mine` has, or is about."""

    goes: Membership
    stays: Membership | None
    left: Membership  # of who stayed, when both were one
    mine: Sequence[Belonging]  # of who went
    own: Sequence[Belonging]  # of who stayed
    after: Sequence[Belonging]  # of who stayed, when both were one
    tried: Mapping[int, Sequence[int]]  # by session
    told: Mapping[int, tuple[str, str]]  # by the log's row


@dataclass(frozen=True, slots=True)
class Brought:
    accounts: Sequence[str]  # of who went
    name: str  # of who stayed
    shares: Mapping[str, Share]  # by group


def write_brought(brought: Brought) -> str:
    return json.dumps(asdict(brought), default=lambda time: time.isoformat(), ensure_ascii=False, separators=(",", ":"))


def read_brought(text: str) -> Brought:
    data = json.loads(text)
    return Brought(data["accounts"], data["name"], {group: _share(one) for group, one in data["shares"].items()})


def _share(data: Mapping[str, Any]) -> Share:
    return Share(
        goes=_membership(data["goes"]),
        stays=_membership(data["stays"]) if data["stays"] else None,
        left=_membership(data["left"]),
        mine=[_belonging(one) for one in data["mine"]],
        own=[_belonging(one) for one in data["own"]],
        after=[_belonging(one) for one in data["after"]],
        tried={int(session): tuple(members) for session, members in data["tried"].items()},
        told={int(row): (before, after) for row, (before, after) in data["told"].items()},
    )


def _membership(data: Mapping[str, Any]) -> Membership:
    first, last = data["leave"] or (None, None)
    leave = (date.fromisoformat(first), date.fromisoformat(last) if last else None) if first else None
    return Membership(**{**data, "joined_at": datetime.fromisoformat(data["joined_at"]), "leave": leave})


def _belonging(data: Mapping[str, Any]) -> Belonging:
    return Belonging(**{**data, "key": tuple(data["key"])})
