# SPDX-License-Identifier: Apache-2.0
"""What schemathesis asks before it reports: a request that it meant to be wrong may be right as it was sent, since a
query has neither types nor objects (an empty object is nothing at all, a string is a list of one)."""
import datetime
import re
from urllib.parse import parse_qsl, urlsplit

import schemathesis

WHOLE_NUMBER = re.compile(r"-?[0-9]+")


def is_valid(schema, text):
    """Whether a parameter's text is valid by its schema; raises for a schema that uses what is not known here."""
    unknown = set(schema) - {"type", "title", "minLength", "pattern", "format", "enum", "minimum", "maximum", "minItems",
                             "items", "default", "description", "examples"}
    if unknown:
        raise ValueError(f"keywords {sorted(unknown)} of a parameter's schema are not known here")
    kind = schema["type"]
    if kind == "array":
        parts = text.split(",")
        return len(parts) >= schema.get("minItems", 0) and all(is_valid(schema["items"], part) for part in parts)
    if kind == "boolean":
        return text in ("true", "false")
    if kind == "integer":
        return (WHOLE_NUMBER.fullmatch(text) is not None
                and schema.get("minimum", -(2**63)) <= int(text) <= schema.get("maximum", 2**63 - 1))
    if kind != "string":
        raise ValueError(f"type {kind} of a parameter is not known here")
    return (len(text) >= schema.get("minLength", 0) and text in schema.get("enum", [text])
            and re.search(schema.get("pattern", ""), text) is not None
            and (schema.get("format") != "date" or is_date(text)))


def is_date(text):
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_valid_query(parameters, url):
    """Whether the query of a URL, as it was sent, is valid by an operation's parameters: all are known, said once and
    valid, and none that must be there is missing."""
    declared = {p["name"]: p for p in parameters if p["in"] == "query"}
    said = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    names = [name for name, _ in said]
    return (len(set(names)) == len(names)
            and all(name in declared and is_valid(declared[name]["schema"], text) for name, text in said)
            and all(name in names for name, p in declared.items() if p.get("required")))


@schemathesis.hook
def filter_failure(context, failure, case, response):
    if type(failure).__name__ != "AcceptedNegativeData":
        return True
    wrong_parts = {where.name for where, part in case.meta.components.items() if part.mode.is_negative}
    operation = case.operation.schema.raw_schema["paths"][case.operation.path][case.operation.method.lower()]
    return wrong_parts != {"QUERY"} or not is_valid_query(operation.get("parameters", []), response.request.url)
