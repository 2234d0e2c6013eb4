"""What Schemathesis is told of media it does not know: archives are bytes, credentials JSON."""

import json

import schemathesis

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@schemathesis.serializer("image/png", "application/zip", XLSX)
def as_bytes(_context, value):
    """Send a value as it is."""
    return {"data": value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")}


@schemathesis.serializer("application/vc")
def as_document(_context, value):
    """Send a credential."""
    return {"data": value if isinstance(value, bytes) else json.dumps(value).encode()}


@schemathesis.deserializer("application/vc", "application/did")
def as_json(_context, response):
    """Read a document."""
    return json.loads(response.content)


@schemathesis.deserializer("application/x-ndjson")
def first_line(_context, response):
    """Read the first of several reports; none is null."""
    lines = response.content.splitlines()
    return json.loads(lines[0]) if lines else None
