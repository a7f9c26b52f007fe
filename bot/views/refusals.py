"""What a member reads when a rule of the group said no: a sentence that says what to do, for each reason."""

from collections.abc import Callable, Mapping

from bot.errors import Refused


def word_refusal(refused: Refused) -> str:
    return REFUSALS[refused.reason](**refused.facts)


def _spent(budget: int) -> str:
    votes = f"{budget} votes" if budget > 1 else "one vote"
    return (
        f"Everybody has {votes} until the ballot closes, and yours are given. Take one back first, with "
        "/paper unvote or the button Vote on its card."
    )


REFUSALS: Mapping[str, Callable[..., str]] = {
    "stranger": lambda: "You are not a member of this group yet.",
    "no group": lambda group: f'There is no group "{group[:40]}" here.',
    "no entry": lambda: "That paper is not on this group's list.",
    "no channel": lambda: "A discussion opens in a channel of the group; ask there.",
    "dropped": lambda: "A moderator dropped that paper: votes for it don't count. /paper-admin drop puts it back.",
    "spent": _spent,
}
