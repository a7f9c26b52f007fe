"""The invented week of a group as cards, one of each kind, some of them hostile. For tests of surfaces only."""

from bot.cards import Button, Card, Choice, Field, Form, Input, Select
from tests.fakes.papers import HOSTILE, PAPERS

SESSION = 7
TITLE = PAPERS[1][0]
WHEN = Field("When", "Thursday 26 November, 17:00 to 18:00")
WHERE = Field("Where", "Room 2.01, https://meet.example.org/reading-group-thursdays")


def rsvp(coming: int = 0) -> tuple[Button, ...]:
    return (
        Button(f"Join {coming}" if coming else "Join", "rsvp", argument=("answer", "join"), session=SESSION),
        Button("Skip", "rsvp", argument=("answer", "skip"), session=SESSION),
    )


def nominations() -> Card:
    return Card(
        kind="ballot",
        title="Vote for Thursday 26 November",
        body="Vote until Sunday 22 November, 17:00; then the first is picked, and whoever claimed it is asked to "
        "present it.",
        fields=(
            Field(PAPERS[0][0], "3 votes, claimed by Maren"),
            Field(PAPERS[2][0], "1 vote, nobody has claimed it yet"),
            Field(HOSTILE, "1 vote, nobody has claimed it yet"),
            WHEN,
            WHERE,
        ),
        buttons=(
            Button("Vote 3 · Sparse Attention Is Enough: Linear-Time Transformers…", "vote", 106),
            Button("Vote 1 · Tiny Verifiers", "vote", 108),
            Button("Vote 1 · <script>alert(1)</script> quoted", "vote", 110),
            *rsvp()[:1],
        ),
    )


def ballot() -> Card:
    return Card(
        kind="ballot",
        title="Ballot for Thursday 26 November",
        body="Put them in your order; equals and gaps are fine. The ballot is open until Sunday 22 November, 17:00.",
        fields=tuple(Field(f"{n}. {PAPERS[n - 1][0]}", "nobody has claimed it yet") for n in (1, 2, 3, 4)),
        footer="2 ballots so far; /paper ballot 2, 1 says it by number",
        buttons=(Button("Fill in my ballot", "ballot", session=SESSION),),
    )


def pick() -> Card:
    return Card(
        kind="pick",
        title=f"Thursday 26 November: {TITLE}",
        url="https://arxiv.org/abs/2611.00002",
        byline=PAPERS[1][1],
        body=PAPERS[1][2],
        label="from the abstract",
        fields=(
            WHEN,
            WHERE,
            Field("Presents", "Ines, who has not confirmed yet"),
            Field("Next in line", "Jonas, then Priya"),
            Field(
                "Picked",
                f"“{TITLE}” is picked with 4 votes. “{PAPERS[0][0]}” has 4 and “Tiny Verifiers” has 1. They are "
                "level: claimed comes before unclaimed.",
            ),
            Field("Coming", "5: Ines, Jonas and 3 more"),
        ),
        links=(("slides", "https://slides.example.org/2"),),
        buttons=(
            *rsvp(5),
            Button("Ask", "ask", session=SESSION),
            Button("Why this paper?", "next", argument=("about", "why"), session=SESSION),
            Button("Back up", "claim", 107, once=True),
            Button("Next paper", "admin next", session=SESSION, moderators=True),
            Button("Re-open the vote", "reopen", session=SESSION, moderators=True),
        ),
    )


def asking() -> Card:
    return Card(
        kind="ask",
        title="Ines, can you present on Thursday 26 November?",
        body=f"It is about “{TITLE}”. Please answer by Tuesday 24 November, 17:00.",
        fields=(WHEN, WHERE),
        buttons=(
            Button("I'll present", "present", argument=("answer", "yes"), session=SESSION),
            Button("Can't make it", "present", argument=("answer", "no"), session=SESSION),
        ),
    )


def reminder() -> Card:
    return Card(
        kind="session",
        title=f"Tomorrow at 17:00: {TITLE}",
        fields=(WHEN, WHERE, Field("Presents", "Ines"), Field("Coming", "5: Ines, Jonas and 3 more")),
        buttons=(*rsvp(5), Button("Ask", "ask", session=SESSION)),
    )


def room() -> Card:
    return Card(
        kind="session",
        title=f"Thursday 26 November: {TITLE}",
        byline=PAPERS[1][1],
        body="Get ready here: ask what you want to have answered, and say how far you have read.",
        fields=(
            WHEN,
            WHERE,
            Field("Who has read it", "2 read it and 1 skimmed it"),
            Field("Roles", "Critic: Jonas\nScribe: free; Priya had it least often"),
            Field("Questions", f"Jonas: Does it hold for small models?\nEve: {HOSTILE}"),
        ),
        buttons=(
            Button("Ask", "ask", session=SESSION),
            *(
                Button(label, "rsvp", argument=("reading", label.lower()), session=SESSION)
                for label in ("Read", "Skimmed", "Not yet")
            ),
            *rsvp(5),
            Button("Critic", "rsvp", argument=("role", "critic"), session=SESSION),
            Button("Scribe", "rsvp", argument=("role", "scribe"), session=SESSION),
        ),
    )


def recap() -> Card:
    return Card(
        kind="recap",
        title=f"Thursday 19 November: {PAPERS[0][0]}",
        url="https://arxiv.org/abs/2611.00001",
        fields=(
            Field("Worth our time", "4.5 of 5, said by 2"),
            Field(
                "What we take home", "• Block sparsity is learned, not given\n• Long documents gain, short ones don't"
            ),
            Field("Came", "4: Maren, Aiko, Okello and Priya"),
        ),
        links=(("slides", "https://slides.example.org/1"),),
        buttons=(Button("Add a recap", "recap", session=SESSION),),
    )


def notice() -> Card:
    return Card(
        kind="notice",
        title="No meeting on Thursday 26 November",
        body="Skipped by Maren: exam week. Votes and claims stay; the next meeting is on Thursday 3 December.",
    )


def week() -> list[Card]:
    return [nominations(), ballot(), pick(), asking(), reminder(), room(), recap(), notice()]


# --- private answers

RECAP = Form(
    "How was it?",
    "recap",
    (
        Input("first", "What do you take home?"),
        Input("rating", "Worth our time, 1 to 5", required=False),
        Input("notes", "Anything else", "Room was cold.\nBring coats.", required=False, long=True),
    ),
    SESSION,
)


def settings() -> Card:
    return Card(
        kind="notice",
        title="Settings of Reading group",
        fields=(Field("Days", "mon-fri"), Field("Sources", "all")),
        buttons=(Button("Undo", "undo"),),
        selects=(
            Select(
                "Days",
                "setup",
                "days",
                (Choice("Monday to Friday", "mon-fri", chosen=True), Choice("Every day", "daily")),
            ),
            Select(
                "Sources", "setup", "sources", (Choice("arXiv", "arxiv", chosen=True), Choice("Blog", "b")), many=True
            ),
        ),
    )
