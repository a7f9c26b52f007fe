"""How a group's paper is picked, and the receipt for it: pure functions on plain data. No clock, no store, no surface.

`election` what a pick is made from · `counting` which votes and ballots count · `ties` the tie-break · `rules` the
run-off and the duels · `decision` election → receipt, short lists, second chances · `receipt` what is published ·
`export` both as JSON data, and the recount of one · `recount` the recount of a whole exported file. In sentences
a receipt is told by `bot.views.receipt`.
"""
