"""Near-winners that come back: papers that came close in the newest vote, once more, each of them once."""

from collections.abc import Sequence

from bot.ports import Reads


def second_chances(rows: Reads, group: str) -> Sequence[int]:
    """Entries that come back and were not shown again yet, with the most votes first. Only those whose votes still
    count: of the newest vote."""
    closed = rows.votes.window(group)
    near = [one for one in rows.picks.near_winners(group, closed) if one.shown_at is None] if closed else []
    read = rows.picks.reading(group) if near else ()
    papers = rows.picks.papers(group, [one.entry for one in near])
    off = {paper.entry for paper in papers if paper.dropped or paper.withdrawn}
    left = [one for one in near if one.entry not in read and one.entry not in off]
    return [one.entry for one in sorted(left, key=lambda one: (-one.carried, one.entry))]
