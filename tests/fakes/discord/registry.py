"""The commands that the application registered, everywhere and per server, with the limits of a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.fakes.discord.command_rules import MESSAGE, SLASH, USER, check_command
from tests.fakes.discord.refusals import Form, Json, Refused, unknown

if TYPE_CHECKING:
    from tests.fakes.discord.world import World

MOST = {SLASH: 100, USER: 15, MESSAGE: 15}
CREATES_A_DAY = 200
TOO_MANY = {SLASH: 30032, USER: 30033, MESSAGE: 30033}
GLOBAL = 0


class CommandBook:
    """`scope` is a server's id, or GLOBAL."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._scopes: dict[int, dict[int, Json]] = {}
        self._created: dict[int, list[datetime]] = {}
        self.syncs = 0

    def of(self, scope: int) -> list[Json]:
        return list(self._scopes.get(scope, {}).values())

    def get(self, scope: int, id: int) -> Json:
        found = self._scopes.get(scope, {}).get(id)
        if found is None:
            raise unknown("application command")
        return found

    def named(self, name: str, guild_id: int = GLOBAL, kind: int = SLASH) -> Json | None:
        """What a member of that server sees: its own command before the global one."""
        everywhere = self.of(guild_id) + (self.of(GLOBAL) if guild_id else [])
        return next((item for item in everywhere if item["name"] == name and item["type"] == kind), None)

    def replace_all(self, scope: int, commands: list[Json]) -> list[Json]:
        check_all(commands)
        self._check_counts(commands)
        old = {_key(record): record for record in self.of(scope)}
        self._spend(scope, sum(_key(command) not in old for command in commands))
        records = [self._record(scope, command, old.get(_key(command))) for command in commands]
        self._scopes[scope] = {int(record["id"]): record for record in records}
        self.syncs += 1
        self._world.changed()
        return records

    def create(self, scope: int, command: Json) -> tuple[Json, bool]:
        """The record, and whether it is new: one of the same name and type is overwritten."""
        check_one(command)
        old = next((record for record in self.of(scope) if _key(record) == _key(command)), None)
        if old is None:
            self._check_counts([*self.of(scope), command])
            self._spend(scope, 1)
        record = self._record(scope, command, old)
        self._scopes.setdefault(scope, {})[int(record["id"])] = record
        self._world.changed()
        return record, old is None

    def change(self, scope: int, id: int, changes: Json) -> Json:
        old = self.get(scope, id)
        command = {**old, **changes, "type": old["type"]}
        check_one(command)
        self._scopes[scope][id] = self._record(scope, command, old)
        self._world.changed()
        return self._scopes[scope][id]

    def delete(self, scope: int, id: int) -> None:
        self.get(scope, id)
        del self._scopes[scope][id]
        self._world.changed()

    def _check_counts(self, commands: list[Json]) -> None:
        for kind, most in MOST.items():
            if sum((command.get("type") or SLASH) == kind for command in commands) > most:
                text = f"Maximum number of application commands reached ({most})"
                raise Refused(400, TOO_MANY[kind], text, broke_a_rule=True)

    def _spend(self, scope: int, count: int) -> None:
        now = self._world.clock()
        spent = [moment for moment in self._created.get(scope, []) if now - moment < timedelta(days=1)]
        if len(spent) + count > CREATES_A_DAY:
            text = "Max number of daily application command creates has been reached (200)"
            raise Refused(400, 30034, text, broke_a_rule=True)
        self._created[scope] = spent + [now] * count

    def _record(self, scope: int, command: Json, old: Json | None) -> Json:
        permissions = command.get("default_member_permissions")
        record = {
            "id": old["id"] if old else str(self._world.ids()),
            "application_id": str(self._world.application_id),
            "type": command.get("type") or SLASH,
            "name": command["name"],
            "name_localizations": command.get("name_localizations") or None,
            "description": command.get("description") or "",
            "description_localizations": command.get("description_localizations") or None,
            "options": [_clean(option) for option in command.get("options") or []],
            "default_member_permissions": None if permissions is None else str(permissions),
            "dm_permission": command.get("dm_permission", True) is not False,
            "contexts": command.get("contexts"),
            "integration_types": command.get("integration_types") or [0],
            "nsfw": bool(command.get("nsfw")),
            **({"guild_id": str(scope)} if scope else {}),
        }
        same = old is not None and all(old.get(key) == value for key, value in record.items())
        return {**record, "version": old["version"] if old and same else str(self._world.ids())}


def check_all(commands: list[Json]) -> None:
    form = Form()
    for number, command in enumerate(commands):
        check_command(form, (number,), command)
    _check_names(form, commands)
    form.refuse()


def check_one(command: Json) -> None:
    form = Form()
    check_command(form, (), command)
    form.refuse()


def _key(command: Json) -> tuple[int, str]:
    return command.get("type") or SLASH, str(command["name"])


def _check_names(form: Form, commands: list[Json]) -> None:
    seen: set[tuple[int, str]] = set()
    for number, command in enumerate(commands):
        key = (command.get("type") or SLASH, str(command.get("name")))
        if key in seen:
            text = "Application command names must be unique"
            form.complain((number, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", text)
        seen.add(key)


def _clean(option: Json) -> Json:
    """Without what was null, as Discord gives it back."""
    kept = {key: value for key, value in option.items() if value is not None}
    for inner in ("options", "choices"):
        if inner in kept:
            kept[inner] = [_clean(item) for item in kept[inner]]
    if not option.get("required"):
        kept.pop("required", None)
    return kept
