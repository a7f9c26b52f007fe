"""`make bench`: every figure, one after the other. Nothing here passes or fails; figures are read, not asserted."""

from bench import dispatch, fanout, growth, hanging, reconnect, requests, search, start, summary, ticks, votes, week

for part in (votes, requests, week, ticks, hanging, search, growth, dispatch, fanout, reconnect, start, summary):
    part.main()
    print()
