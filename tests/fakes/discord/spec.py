"""Holds requests, answers and objects to Discord's official OpenAPI document, where that is at hand."""

import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs

from tests.fakes.discord.refusals import Json
from tests.fakes.discord.refusals import Path as Steps

DOCUMENT = Path(__file__).parents[3].parent / "shared" / "specs" / "discord_openapi.json"
# Discord takes ids as numbers too, and discord.py sends such; answers always have texts.
LENIENT_SNOWFLAKE = {"anyOf": [{"type": "string", "pattern": "^(0|[1-9][0-9]*)$"}, {"type": "integer", "minimum": 0}]}
# The document allows numbers only, but discord.py and the documentation's own examples send this one as a text.
LENIENT_PERMISSIONS = {"type": ["integer", "string", "null"], "pattern": "^[0-9]+$", "minimum": 0}
TRUTHS = {"1": True, "true": True, "True": True, "0": False, "false": False, "False": False}

# The document says that codes in forms are numbers; the documentation and the platform have texts there.
ERRORS_IN_FORMS = {
    "type": "array",
    "items": {"type": "object", "properties": {"code": {"type": "string"}, "message": {"type": "string"}}},
}

Complaint = tuple[Steps, str]


class Spec:
    def __init__(self, text: str) -> None:
        self._paths: dict[str, Json] = json.loads(text)["paths"]
        self._responses: dict[str, Json] = json.loads(text)["components"]["responses"]
        asked, given = json.loads(text), json.loads(text)
        asked["components"]["schemas"]["SnowflakeType"] = LENIENT_SNOWFLAKE
        for schema in asked["components"]["schemas"].values():
            if "default_member_permissions" in schema.get("properties", {}):
                schema["properties"]["default_member_permissions"] = LENIENT_PERMISSIONS
        given["components"]["schemas"]["InnerErrors"]["properties"]["_errors"] = ERRORS_IN_FORMS
        draft = jsonschema_rs.Draft202012
        self._registry = jsonschema_rs.Registry([("urn:asked", asked), ("urn:given", given)], draft=draft)
        self._compiled: dict[tuple[str, ...], jsonschema_rs.Draft202012Validator] = {}

    def knows(self, method: str, template: str) -> bool:
        return method.lower() in self._paths.get(template, {})

    def request(self, method: str, template: str, body: object) -> list[Complaint]:
        """`body` is None where there was none."""
        wanted = self._operation(method, template).get("requestBody")
        if body is None:
            return [((), "a body is required")] if wanted and wanted.get("required") else []
        if wanted is None:
            return [((), "no body is expected")]
        schema = wanted["content"]["application/json"]["schema"]
        return self._errors(("asked", method, template), schema, body)

    def query(self, method: str, template: str, query: Mapping[str, str]) -> list[Complaint]:
        everything = self._operation(method, template).get("parameters", [])
        known = {item["name"]: item["schema"] for item in everything if item.get("in") == "query"}
        found: list[Complaint] = [((name,), "unknown query parameter") for name in query if name not in known]
        for name, schema in known.items():
            if name in query:
                key = ("asked", method, template, name)
                least = min((self._errors(key, schema, value, (name,)) for value in _readings(query[name])), key=len)
                found += least
        return found

    def answer(self, method: str, template: str, status: int, body: object) -> list[Complaint]:
        described = self._operation(method, template)["responses"]
        found = described.get(str(status)) or described.get(f"{status // 100}XX")
        if found is None:
            return [((), f"no answer {status} is described")]
        if "$ref" in found:
            found = self._responses[found["$ref"].rpartition("/")[2]]
        content = found.get("content", {}).get("application/json")
        if content is None:
            return [] if body is None else [((), "no body is described")]
        return self._errors(("given", method, template, str(status)), content["schema"], body)

    def thing(self, schema: str, body: Any) -> list[Complaint]:
        return self._errors(("given", schema), {"$ref": f"#/components/schemas/{schema}"}, body)

    def _operation(self, method: str, template: str) -> Json:
        found: Json = self._paths[template][method.lower()]
        return found

    def _errors(self, key: tuple[str, ...], schema: Json, body: object, at: Steps = ()) -> list[Complaint]:
        if key not in self._compiled:
            text = json.dumps(schema).replace('"#/components/', f'"urn:{key[0]}#/components/')
            self._compiled[key] = jsonschema_rs.Draft202012Validator(json.loads(text), registry=self._registry)
        return [((*at, *error.instance_path), error.message[:300]) for error in self._compiled[key].iter_errors(body)]


def _readings(text: str) -> Iterator[Any]:
    """In an address everything is text."""
    yield text
    if text.lstrip("-").isdigit():
        yield int(text)
    if text in TRUTHS:
        yield TRUTHS[text]


@functools.cache
def load_spec() -> Spec | None:
    """None where the document is not at hand; it is too big, and not ours, to be kept in the project."""
    return Spec(DOCUMENT.read_text(encoding="utf-8")) if DOCUMENT.exists() else None


def said(complaints: Iterable[Complaint]) -> str:
    return "; ".join(f"{'.'.join(map(str, path)) or 'body'}: {text}" for path, text in complaints)
