"""The ranked list with the papers first that moderators chose. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.languages import Listener, say
from bot.model import Curation, Listing, Paper

SOURCE = "moderators"


def curated(
    ranked: Sequence[Listing], curations: Iterable[Curation], added: Mapping[str, Paper], day: date, to: Listener
) -> list[Listing]:
    """What nobody touched stays in its order. `added` has chosen papers that may be in no list of a source."""
    by_key = {listing.paper.key: listing for listing in ranked}
    chosen: dict[str, Listing] = {}
    for choice in curations:
        if listing := by_key.get(choice.key) or _listing(added.get(choice.key), day, to):
            chosen[choice.key] = replace(listing, chosen_by=choice.by)
    return [*chosen.values(), *(listing for key, listing in by_key.items() if key not in chosen)]


def _listing(paper: Paper | None, day: date, to: Listener) -> Listing | None:
    return Listing(paper, day, SOURCE, say(to, "added by a moderator")) if paper else None
