"""What Discord demands of an application command before it registers it. Stores nothing."""

import re
from collections.abc import Iterable

from tests.fakes.discord.refusals import Form, Json, Path, units

SLASH, USER, MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, NUMBER = 1, 2, 3, 4, 10
MOST_CHARACTERS = 8000
# Discord's own pattern, with Devanagari and Thai (whose vowel signs are no \w) written out.
NAME = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")
LOCALES = frozenset(
    {
        *("id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl"),
        *("pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja"),
        *("zh-TW", "ko", "ar", "he"),
    }
)


def check_command(form: Form, at: Path, command: Json) -> None:
    kind = command.get("type") or SLASH
    if kind == SLASH:
        check_name(form, (*at, "name"), command.get("name"))
        check_description(form, (*at, "description"), command.get("description"))
    else:
        form.need((*at, "name"), command.get("name"))
        form.length((*at, "name"), command.get("name"), 32, 1)
        if command.get("description"):
            text = "Context menu commands cannot have a description"
            form.complain(
                (*at, "description"), "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_CANNOT_BE_SPECIFIED", text
            )
        if command.get("options"):
            text = "Context menu commands cannot have options"
            form.complain((*at, "options"), "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_CANNOT_BE_SPECIFIED", text)
    _check_localizations(form, at, command, lower=kind == SLASH)
    check_options(form, (*at, "options"), command.get("options") or [])
    if characters(command) > MOST_CHARACTERS:
        text = f"Command exceeds maximum size ({MOST_CHARACTERS})"
        form.complain(at, "APPLICATION_COMMAND_TOO_LARGE", text)


def check_name(form: Form, at: Path, name: object) -> None:
    if not form.need(at, name):
        return
    form.length(at, name, 32, 1)
    text = str(name)
    if not NAME.fullmatch(text) or text != text.lower():
        form.complain(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def check_description(form: Form, at: Path, text: object) -> None:
    if form.need(at, text):
        form.length(at, text, 100, 1)


def _check_localizations(form: Form, at: Path, item: Json, *, lower: bool) -> None:
    for locale, name in (item.get("name_localizations") or {}).items():
        _check_locale(form, (*at, "name_localizations", locale), locale)
        if lower:
            check_name(form, (*at, "name_localizations", locale), name)
        else:
            form.length((*at, "name_localizations", locale), name, 32, 1)
    for locale, text in (item.get("description_localizations") or {}).items():
        _check_locale(form, (*at, "description_localizations", locale), locale)
        check_description(form, (*at, "description_localizations", locale), text)


def _check_locale(form: Form, at: Path, locale: str) -> None:
    if locale not in LOCALES:
        form.complain(at, "BASE_TYPE_CHOICES", f"{locale!r} is not a locale.")


def check_options(form: Form, at: Path, options: list[Json], depth: int = 0) -> None:
    form.length(at, options, 25)
    kinds = {option.get("type") in (SUBCOMMAND, GROUP) for option in options}
    if kinds == {True, False}:
        text = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        form.complain(at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", text)
    _check_order(form, at, options)
    _check_unique(form, at, (str(option.get("name")) for option in options))
    for number, option in enumerate(options):
        _check_option(form, (*at, number), option, depth)


def _check_order(form: Form, at: Path, options: list[Json]) -> None:
    seen_optional = False
    for number, option in enumerate(options):
        if option.get("type") in (SUBCOMMAND, GROUP):
            continue
        if option.get("required") and seen_optional:
            text = "Required options must be placed before non-required options"
            form.complain((*at, number), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
        seen_optional |= not option.get("required")


def _check_unique(form: Form, at: Path, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            text = "Option names and choices must be unique"
            form.complain((*at, number, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", text)
        seen.add(name)


def _check_option(form: Form, at: Path, option: Json, depth: int) -> None:
    check_name(form, (*at, "name"), option.get("name"))
    check_description(form, (*at, "description"), option.get("description"))
    _check_localizations(form, at, option, lower=True)
    kind = option.get("type")
    if kind not in range(1, 12):
        form.complain((*at, "type"), "BASE_TYPE_CHOICES", "Value must be one of 1 to 11.")
    elif kind in (SUBCOMMAND, GROUP):
        _check_nesting(form, at, option, depth)
    else:
        _check_value(form, at, option)


def _check_nesting(form: Form, at: Path, option: Json, depth: int) -> None:
    inner = option.get("options") or []
    if depth >= (2 if option["type"] == SUBCOMMAND else 1):
        form.complain((*at, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Nested too deeply")
    if option["type"] == GROUP and any(item.get("type") != SUBCOMMAND for item in inner):
        form.complain((*at, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "A group holds sub-commands only")
    if option["type"] == SUBCOMMAND and any(item.get("type") in (SUBCOMMAND, GROUP) for item in inner):
        form.complain((*at, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "A sub-command holds values only")
    check_options(form, (*at, "options"), inner, depth + 1)


def _check_value(form: Form, at: Path, option: Json) -> None:
    choices = option.get("choices") or []
    if option.get("autocomplete") and choices:
        text = "Autocomplete and choices are mutually exclusive"
        form.complain(at, "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", text)
    if (choices or option.get("autocomplete")) and option["type"] not in (STRING, INTEGER, NUMBER):
        form.complain(at, "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "Choices are for texts and numbers")
    form.length((*at, "choices"), choices, 25)
    _check_unique(form, (*at, "choices"), (str(choice.get("name")) for choice in choices))
    for number, choice in enumerate(choices):
        check_choice(form, (*at, "choices", number), choice, option["type"])
    form.between((*at, "min_length"), option.get("min_length"), 0, 6000)
    form.between((*at, "max_length"), option.get("max_length"), 1, 6000)


def check_choice(form: Form, at: Path, choice: Json, kind: int) -> None:
    """Of a command, and of an autocomplete answer."""
    form.need((*at, "name"), choice.get("name"))
    form.length((*at, "name"), choice.get("name"), 100, 1)
    value = choice.get("value")
    wanted: tuple[type, ...] = {STRING: (str,), INTEGER: (int,), NUMBER: (int, float)}.get(kind, ())
    if not isinstance(value, wanted) or isinstance(value, bool):
        form.complain((*at, "value"), "BASE_TYPE_BAD_TYPE", f"Could not interpret {value!r} as the option's type.")
    elif isinstance(value, str):
        form.length((*at, "value"), value, 100)


def characters(command: Json) -> int:
    """Name, description and values of a command and all in it; of localisations the longest counts."""
    own = _longest(command, "name") + _longest(command, "description")
    own += sum(_longest(choice, "name") + units(str(choice.get("value"))) for choice in command.get("choices") or [])
    return own + sum(characters(option) for option in command.get("options") or [])


def _longest(item: Json, key: str) -> int:
    texts = [item.get(key) or "", *(item.get(f"{key}_localizations") or {}).values()]
    return max(units(str(text)) for text in texts)
