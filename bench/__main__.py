"""`make bench`: every figure, one after the other. Nothing here passes or fails; figures are read, not asserted."""

from bench import dispatch, fanout, requests, summary, votes, week

for part in (votes, requests, week, dispatch, fanout, summary):
    part.main()
    print()
