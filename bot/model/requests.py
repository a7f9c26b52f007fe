"""What someone asked, on whatever surface."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """What someone asked, on whatever surface. `id` is the platform's own and makes a redelivery harmless."""

    id: str
    account: str  # `web:<id>`, `discord:<user>`, `terminal:operator`
    command: str
    args: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    place_name: str = ""  # as members read it: "papers"
    group: str | None = None
    display_name: str = ""
    roles: frozenset[str] = frozenset()  # as the platform says: "moderator" there, "server_moderator" everywhere
    locale: str = ""  # as the client says: `de`, `en-GB`, or what a browser sends; "" where it does not
    from_outside: bool = False  # where anybody may come: who is new has to be invited
    message: str = ""  # the surface's name of the message whose button was pressed
    pressed: bool = False  # came from a button: that of a vote or a claim, pressed again, takes it back
