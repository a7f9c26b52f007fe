"""`make bench`: every figure, one after the other. Nothing here passes or fails; figures are read, not asserted."""

from bench import dispatch, fanout, growth, requests, search, summary, votes, week

for part in (votes, requests, week, search, growth, dispatch, fanout, summary):
    part.main()
    print()
