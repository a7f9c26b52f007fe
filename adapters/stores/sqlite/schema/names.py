"""One word for a setting everywhere: three of the timeline, called like others, get the one that is typed for them."""


def _renamed(old: str, new: str) -> str:
    old, new = f"week.timeline.{old}", f"week.timeline.{new}"
    return f"""
UPDATE override SET name = '{new}' WHERE name = '{old}';
UPDATE audit SET action = replace(action, '{old}', '{new}'),
    before = replace(before, '"{old}":', '"{new}":'), after = replace(after, '"{old}":', '"{new}":')
    WHERE action LIKE '%set %{old}%';
"""  # noqa: S608 - of our own words


NAMES_SCHEMA = _renamed("shortlist", "shortlisted") + _renamed("paper", "bring") + _renamed("headcount", "counted")
