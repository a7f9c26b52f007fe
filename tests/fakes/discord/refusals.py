"""How Discord says no: codes, texts and the tree of form errors. Knows no route."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
Path = tuple[str | int, ...]

UNKNOWN = {
    "Application": 10002,
    "Channel": 10003,
    "Guild": 10004,
    "Member": 10007,
    "Message": 10008,
    "Role": 10011,
    "User": 10013,
    "Emoji": 10014,
    "Webhook": 10015,
    "interaction": 10062,
    "application command": 10063,
    "Guild Scheduled Event": 10070,
}


class Refused(Exception):
    """Becomes an answer {"message", "code", "errors"}. `broke_a_rule` marks what a careful client never sends."""

    def __init__(
        self,
        status: int,
        code: int,
        text: str,
        *,
        errors: Json | None = None,
        broke_a_rule: bool = False,
        headers: Mapping[str, str] | None = None,
        extra: Json | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {text}")
        self.status = status
        self.code = code
        self.text = text
        self.errors = errors or {}
        self.broke_a_rule = broke_a_rule
        self.headers = dict(headers or {})
        self.extra = extra or {}

    @property
    def body(self) -> Json:
        errors = {"errors": self.errors} if self.errors else {}
        return {"message": self.text, "code": self.code, **errors, **self.extra}

    @property
    def complaint(self) -> str:
        found = "; ".join(f"{'.'.join(path)}: {text}" for path, text in flatten(self.errors))
        return found or self.text


class Form:
    """Gathers every fault of a body, as Discord does, before it refuses."""

    def __init__(self) -> None:
        self._errors: Json = {}

    def complain(self, path: Path, code: str, text: str) -> None:
        node = self._errors
        for step in path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": code, "message": text})

    def need(self, path: Path, value: object) -> bool:
        if value in (None, "", []):
            self.complain(path, "BASE_TYPE_REQUIRED", "This field is required")
            return False
        return True

    def length(self, path: Path, value: object, most: int, least: int = 0) -> None:
        """In UTF-16 code units for a text, in items for a list."""
        if value is None:
            return None
        if not isinstance(value, (str, list)):
            return self.complain(path, "BASE_TYPE_BAD_TYPE", f"Could not interpret {value!r} here.")
        size = units(value) if isinstance(value, str) else len(value)
        if least and not least <= size <= most:
            self.complain(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif size > most:
            self.complain(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        return None

    def between(self, path: Path, value: object, least: int, most: int) -> None:
        if value is not None and not (isinstance(value, int) and least <= value <= most):
            self.complain(path, "NUMBER_TYPE_MAX", f"int value should be between {least} and {most}.")

    def refuse(self) -> None:
        if self._errors:
            raise Refused(400, 50035, "Invalid Form Body", errors=_pruned(self._errors), broke_a_rule=True)


def _pruned(errors: Json) -> Json:
    """A place complains itself or tells what is wrong within it, not both."""
    within = {step: _pruned(below) for step, below in errors.items() if step != "_errors"}
    return within or errors


def units(text: str) -> int:
    """UTF-16 code units, which is what Discord counts; a lone surrogate counts too."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def flatten(errors: Json, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:
    found = [(path, error["message"]) for error in errors.get("_errors", [])]
    for step, below in errors.items():
        if step != "_errors":
            found += flatten(below, (*path, step))
    return found


def invalid(path: Path, code: str, text: str) -> Refused:
    form = Form()
    form.complain(path, code, text)
    try:
        form.refuse()
    except Refused as refused:
        return refused
    raise AssertionError


def unknown(what: str) -> Refused:
    return Refused(404, UNKNOWN[what], f"Unknown {what}")


def missing_access() -> Refused:
    return Refused(403, 50001, "Missing Access")


def missing_permissions() -> Refused:
    return Refused(403, 50013, "Missing Permissions")


def empty_message() -> Refused:
    return Refused(400, 50006, "Cannot send an empty message", broke_a_rule=True)


def thread_is_archived() -> Refused:
    return Refused(400, 50083, "Thread is archived")
