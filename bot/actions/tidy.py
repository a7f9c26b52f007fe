"""What is kept only for a while. The program tidies now and then, in a transaction of its own: on nobody's path."""

from datetime import datetime, timedelta

from bot.ports import Reads, Rows

KEPT = 10_000  # changes: a page that is further behind starts anew
MORE = 1_000  # of them, before it is worth the while
CURATED_FOR = timedelta(days=60)  # no list is about what was announced before that
HANDLED_FOR = timedelta(days=7)  # a request is not delivered again later than that


def is_untidy(rows: Reads) -> bool:
    return rows.changes.count() > KEPT + MORE


def tidy(rows: Rows, now: datetime) -> None:
    rows.changes.drop_old(KEPT)
    rows.requests.drop_old(now - HANDLED_FOR)
    rows.links.drop_old(now)
    rows.curations.drop_old(now - CURATED_FOR)
