"""The words of phrases about when to meet: English, with German weekdays, months and small words, without accents."""

from bot.languages import msgid, phrase
from bot.model.recurrence import NTHS
from bot.parsing.tokens import Ahead, Nth, PartOfDay, Token, Weekday, Weekdays, Weeks, Word

EXAMPLES = phrase(
    '"thursdays 17:00", "every other tue 12:30 until march", "first monday of the month 18:00" or "3 dec 17:00"'
)

_DAY_WORDS = (
    "mon monday montag mo",
    "tue tues tuesday tu dienstag di",
    "wed weds wednesday mittwoch mi",
    "thu thur thurs thursday th donnerstag do",
    "fri friday freitag fr",
    "sat saturday samstag sonnabend sa",
    "sun sunday sonntag so su",
)
_MONTH_WORDS = (
    "jan january januar",
    "feb february februar",
    "mar march marz maerz mrz",
    "apr april",
    "may mai",
    "jun june juni",
    "jul july juli",
    "aug august",
    "sep sept september",
    "oct october okt oktober",
    "nov november",
    "dec december dez dezember",
)
_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve",
    "eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
)
_NTH_STEMS = (("erste", 1), ("zweite", 2), ("dritte", 3), ("vierte", 4), ("funfte", 5), ("letzte", -1))
_PLAIN: dict[Word, str] = {
    Word.EVERY: "every each jeden jede jeder jedes alle",
    Word.WEEK: "week weeks weekly woche wochentlich",
    Word.MONTH: "month months monthly monat monats monatlich",
    Word.NEXT: "next nachste nachsten nachster nachstes naechste naechsten",
    Word.THIS: "this coming upcoming diese diesen dieser diesem kommende kommenden",
    Word.FROM: "from starting starts start beginning begins since ab seit von",
    Word.UNTIL: "until till til through thru bis ending ends",
    Word.TO: "to",
    Word.END: "end ende",
    Word.YEAR: "year jahres",
    Word.BIWEEKLY: "biweekly",
    Word.FILLER: "a again always am and at by das dem den der des die for i im immer in is it let lets me meet "
    "meeting meetings meets of on once our per please bitte session sessions sharp the then um und "
    "uhr us we well wir treffen uns",
}
_VALUES: tuple[tuple[str, Token], ...] = (
    ("today tonight heute", Ahead(0)),
    ("tomorrow tmrw tmr morgen", Ahead(1)),
    ("ubermorgen", Ahead(2)),
    ("other alternate alternating fortnight fortnightly zweiwochentlich vierzehntagig", Weeks(2)),
    ("daily taglich", Weekdays(tuple(range(7)))),
    ("weekday weekdays workday workdays werktag werktags", Weekdays(tuple(range(5)))),
    ("weekend weekends wochenende", Weekdays((5, 6))),
    ("morning mornings morgens vormittag vormittags fruh", PartOfDay(False)),
    ("afternoon afternoons evening evenings night nights nachmittag nachmittags abend abends pm", PartOfDay(True)),
)
_REFUSED = {
    msgid("the zone is the group's own setting"): "utc gmt cet cest est edt et cst cdt pst pdt pt jst bst ist mez mesz",
    msgid(
        "to leave out one meeting, skip its week"
    ): "except excluding without but not skip skipping ausser ohne nicht",
    msgid("known are weeks, weekdays of a month and single dates"): "quarterly yearly annually twice hourly jahrlich",
}


def _plurals(words: str) -> list[str]:
    """Only of whole names: "mondays", "montags", not "mos"."""
    return [word + "s" for word in words.split() if len(word) > 2]


NUMBERS = {word: number for words in _NUMBER_WORDS for number, word in enumerate(words.split(), 1)}
MONTHS = {word: number for number, words in enumerate(_MONTH_WORDS, 1) for word in words.split()}
NTH_WORDS = {
    **NTHS,
    **{word: number for number, word in enumerate(("first", "second", "third", "fourth", "fifth"), 1)},
    **{stem + ending: number for stem, number in _NTH_STEMS for ending in ("", "r", "n", "s", "m")},
}
WEEKDAY_WORDS = {word: number for number, words in enumerate(_DAY_WORDS) for word in words.split()}
WORDS: dict[str, Token] = {
    **{word: kind for kind, words in _PLAIN.items() for word in words.split()},
    **{word: Weekday(number) for word, number in WEEKDAY_WORDS.items()},
    **{word: Weekday(number, True) for number, words in enumerate(_DAY_WORDS) for word in _plurals(words)},
    **{word: Nth(number) for word, number in NTH_WORDS.items()},
    **{word: token for words, token in _VALUES for word in words.split()},
}
REFUSED = {word: reason for reason, words in _REFUSED.items() for word in words.split()}
# German weekdays that are small words in an English sentence: "let's do tuesdays"
TWO_TONGUED = ("do", "so")
ENGLISH = {"every", "each", "next", "this", "first", "last", "we", "let", "lets"} | {
    word for word in WEEKDAY_WORDS if len(word) > 2 and "tag" not in word and word != "mittwoch"
}
