"""When the group meets and how it chooses what to read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, get_args

from bot.model.attendance import MeetingRole
from bot.model.recurrence import Recurrence, read_recurrence
from bot.model.settings.kinds import Flag, Line, Names, Number, OneOf, Option, Recurring
from bot.model.settings.setting import Fault, require_valid, setting
from bot.model.settings.timeline import ORDERED_WITH_BALLOTS, Mode, Shape, TimelineSettings

Rule = Literal["votes", "approval", "irv", "schulze"]  # see bot.voting
PickBy = Literal["automatic", "organiser"]
MEETING_ROLES: tuple[str, ...] = get_args(MeetingRole)
MINUTES = Number(5, 600, "minute")  # of every meeting, also of one that is moved alone


@dataclass(frozen=True, slots=True)
class WeekSettings:
    """Without a `session` the week does not run."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}
    command: ClassVar[str] = "week"

    session: str = setting(
        "",
        Recurring(),
        label="Meets",
        about="as thursdays 17:00, every other tue 12:30 until march, 3 dec 5pm; or off",
        note='when you meet, in the group\'s timezone, right over both clock changes: "thu 17:00", "every 2 weeks tue '
        '12:30 from 2026-11-24 until 2027-03-31", "monthly 1st, 3rd thu 17:00", "2026-12-03 17:00, 2026-12-17 17:00"',
        de=("wann", "wie thursdays 17:00, every other tue 12:30 until march, 3 dec 5pm; oder off"),
        asked="When, as thursdays 17:00; or off",
        command="schedule",
        words=("when", "schedule"),
    )
    place: str = setting(
        "",
        Line(500, none="not said"),
        label="Place",
        about="a room or a link",
        note="a room or a link; it stands in every reminder and calendar",
        de=("ort", "ein Raum oder ein Link"),
        asked="Where: a room or a link",
        command="schedule",
    )
    minutes: int = setting(
        60,
        MINUTES,
        label="Length",
        about="how long a meeting takes, as 60",
        note="how long a meeting takes",
        de=("minuten", "wie lange ein Treffen dauert, wie 60"),
        asked="How many minutes",
        command="schedule",
    )
    mode: Mode = setting(
        "vote",
        OneOf(
            (
                Option("vote", "the group picks a paper, then finds who presents it"),
                Option("presenter", "the rota names who presents, and they bring a paper"),
            )
        ),
        label="Mode",
        about="whether the group votes, or whoever presents brings a paper",
        note='the group picks a paper, then finds who presents it; or "presenter": the rota names who presents, and '
        "they bring a paper",
        de=("modus", "ob die Gruppe abstimmt, oder wer vorstellt ein Paper mitbringt"),
        asked="Who chooses the paper",
    )
    rule: Rule = setting(
        "votes",
        OneOf(
            (
                Option("votes", "the paper with the most votes"),
                Option("approval", "a short list, of which members tick any number"),
                Option("irv", "a short list that members rank, instant run-off", also=("instant run-off",)),
                Option("schulze", "a short list that members rank, compared in pairs"),
            )
        ),
        label="Rule",
        about="how votes are counted",
        note='the most votes; or, on ballots over a short list, "approval", "irv" (instant run-off), "schulze"',
        de=("regel", "wie Stimmen gezählt werden"),
        asked="How votes are counted",
    )
    pick: PickBy = setting(
        "automatic",
        OneOf(
            (
                Option("automatic", "the count decides at the close", also=("auto",)),
                Option("organiser", "the count proposes, a moderator or two members confirm", also=("organizer",)),
            )
        ),
        label="Pick",
        about="whether the count decides, or proposes",
        note='the count decides at the close; "organiser": it proposes, a moderator or two members confirm',
        de=("wahl", "ob die Auszählung entscheidet oder vorschlägt"),
        asked="Who decides",
    )
    hidden: bool = setting(
        False,
        Flag(yes="counts are hidden until the close, reactions are no votes", no="everybody sees the counts"),
        label="Hidden counts",
        about="counts hidden until the close; reactions are no votes then",
        note="true: nobody sees counts before the close; reactions are no votes then",
        de=("verdeckt", "Zahlen verdeckt bis zum Schluss; Reaktionen sind dann keine Stimmen"),
    )
    budget: int = setting(
        0,
        Number(0, 50, "vote", zero="any number"),
        label="Votes of a member",
        about="votes that a member has for each meeting, 0 for any number",
        note="votes that a member has for each meeting, 0 for any number; reactions are no votes then",
        de=("budget", "Stimmen eines Mitglieds für jedes Treffen, 0 für beliebig viele"),
        asked="Votes a member has, 0: any number",
    )
    shortlist: int = setting(
        5,
        Number(2, 20, "paper"),
        label="Short list",
        about="papers on a ballot, 2 to 20",
        note="papers on a ballot",
        de=("auswahl", "Papers auf einem Stimmzettel, 2 bis 20"),
        asked="Papers on a ballot, 2 to 20",
    )
    weighted: bool = setting(
        False,
        Flag(yes="votes of those who came to the last meetings weigh more", no="every vote weighs the same"),
        label="Weighted votes",
        about="votes of those who came lately weigh more",
        note="true: votes of members who came to the last four meetings weigh up to double",
        de=("gewichtet", "Stimmen derer, die zuletzt kamen, zählen mehr"),
    )
    headcount: int = setting(
        0,
        Number(0, 100, "member", zero="any number"),
        label="Headcount",
        about="members who must come, or it is called off; 0: nobody must",
        note="members who must have said that they come, or the meeting is called off; 0: nobody must",
        de=("mindestzahl", "wie viele kommen müssen, sonst fällt es aus; 0: niemand muss"),
        asked="Members who must come, 0: nobody must",
    )
    sleep_weeks: int = setting(
        8,
        Number(0, 104, "week", zero="never"),
        label="Claims sleep after",
        about="weeks after which a claim that was never picked sleeps; 0: never",
        note="weeks after which a claim that was never picked sleeps, and its holder is asked; 0: never",
        de=("ruhen", "nach wie vielen Wochen eine nie gewählte Zusage ruht; 0: nie"),
        asked="Weeks until a claim sleeps, 0: never",
        words=("sleep",),
    )
    roles: tuple[str, ...] = setting(
        (),
        Names("role", MEETING_ROLES),
        label="Roles",
        about="roles that are offered: reviewer, critic, archaeologist, scribe; all or none",
        note='offered for each meeting: "reviewer", "critic", "archaeologist", "scribe"',
        de=("rollen", "angebotene Rollen: reviewer, critic, archaeologist, scribe; all oder none"),
        asked="reviewer, critic, archaeologist, scribe; none",
    )
    call: bool = setting(
        True,
        Flag(
            yes="the last reminder calls those who said that they come", no="nobody is called by name before a meeting"
        ),
        label="Call",
        about="the last reminder calls those who said that they come, in the meeting's thread",
        note="the last reminder calls those who said that they come by name, once, in the meeting's thread",
        de=("rufen", "die letzte Erinnerung ruft die, die zugesagt haben, im Thread des Treffens"),
    )
    title: str = setting(
        "{group}: {paper}",
        Line(100, like="Reading club: {paper}", blanks=("{group}", "{paper}")),
        label="Title of a meeting",
        about="what its event is called, as Reading club: {paper}",
        note="what a meeting is called in calendars and as an event; {group} and {paper} are put in",
        de=("titel", "wie sein Termin heißt, wie Lesekreis: {paper}"),
    )
    timeline: TimelineSettings = field(default_factory=TimelineSettings)

    def __post_init__(self) -> None:
        require_valid(self, self._ballot_faults())

    def _ballot_faults(self) -> Iterator[Fault]:
        if self.has_ballots:
            for name, fault in self.timeline.order_faults(ORDERED_WITH_BALLOTS):
                yield f"timeline.{name}", fault

    @property
    def recurrence(self) -> Recurrence | None:
        """None: the week does not run."""
        return read_recurrence(self.session) if self.session.strip() else None

    @property
    def has_ballots(self) -> bool:
        return self.mode == "vote" and self.rule != "votes"

    @property
    def counts_reactions(self) -> bool:
        """A reaction can be neither hidden nor budgeted."""
        return not self.hidden and not self.budget

    @property
    def shape(self) -> Shape:
        return Shape(self.mode, self.has_ballots, self.headcount > 0)
