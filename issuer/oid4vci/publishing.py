"""Serve the metadata: plain or signed, in the reader's language, old members where asked.

Spec: OpenID4VCI 1.0 §12.2.2 and §12.2.3, RFC 9110 §12.5.4 (Accept-Language).
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse

from badges import strict_json
from did import jwk
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.session import reading, unit_of_work
from issuer.oid4vci import compat, encryption, metadata
from issuer.oid4vci.desk import Desk
from issuer.organisations import store as organisations
from issuer.organisations.model import KeyState
from issuer.signing.service import signer_for

__all__ = ["answer_metadata", "issuer_metadata", "jwt_vc_issuer", "metadata_at_hand"]

KEPT = timedelta(hours=1)
"""How long signed metadata is served before it is signed anew."""

MOST_KEPT = 100
"""Most texts kept, of signed ones: languages times changes within the hour."""

_HEADERS = {"Cache-Control": "max-age=60", "Vary": "Accept, Accept-Language"}


def issuer_metadata(desk: Desk) -> dict[str, Any]:
    """Return the organisation's issuer metadata."""
    public = encryption.public_members(desk.encryption_key)
    plain = metadata.create_issuer_metadata(desk.site, desk.configurations.values(), public)
    server = metadata.create_server_metadata(desk.site)
    return compat.with_server_members(plain, server, desk.switches)


def answer_metadata(desk: Desk, headers: Mapping[str, str], *, legacy: bool) -> Response:
    """Answer a request for the issuer metadata."""
    wish = headers.get("accept-language", "")
    members, told = _worded(desk, wish, legacy=legacy)
    if wants_signed(headers.get("accept", "")):
        return Response(signed(desk, members), headers=told, media_type="application/jwt")
    written = bytes(JSONResponse(members).body), told
    if len(desk.written) < MOST_KEPT:
        desk.written[wish, legacy] = written
    return _plain(written)


def metadata_at_hand(desk: Desk, headers: Mapping[str, str], *, legacy: bool) -> Response | None:
    """Answer it from what was written before, None when it must be written or signed."""
    if wants_signed(headers.get("accept", "")):
        return None
    written = desk.written.get((headers.get("accept-language", ""), legacy))
    return None if written is None else _plain(written)


def _plain(written: tuple[bytes, Mapping[str, str]]) -> Response:
    return Response(written[0], headers=written[1], media_type="application/json")


def _worded(desk: Desk, wish: str, *, legacy: bool) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the metadata in the language wished for, and the headers that say so."""
    members, told = issuer_metadata(desk), dict(_HEADERS)
    wanted = preferred(wish, languages(members))
    if wanted is not None:
        members = metadata.in_language(members, wanted)
        told["Content-Language"] = wanted
    return compat.with_old_display(members) if legacy else members, told


def signed(desk: Desk, members: Mapping[str, Any]) -> str:
    """Return metadata as a signed token: signed once for its content, then kept for `KEPT`.

    Whoever asks cannot make the key sign at will, and each signature has its audit line.
    """
    now = desk.now()
    digest = hashlib.sha256(strict_json.dumps(members)).hexdigest()
    place = f"oid4vci metadata {desk.organisation.slug}"
    kept: dict[str, tuple[datetime, str]] = desk.instance.kept.setdefault(place, {})
    if digest in kept and now - kept[digest][0] < KEPT:
        return kept[digest][1]
    with unit_of_work(desk.instance.engine) as connection:
        _, signer = signer_for(desk.instance, connection, desk.organisation)
        event = Event("service", "oid4vci.metadata.signed", desk.organisation.did, {"hash": digest})
        append(connection, [event], now)
    token = metadata.sign_issuer_metadata(members, signer, now)
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[digest] = (now, token)
    return token


def jwt_vc_issuer(desk: Desk) -> dict[str, Any]:
    """Return the public keys that this organisation's tokens are signed with."""
    with reading(desk.instance.engine) as connection:
        keys = organisations.keys_of(connection, desk.organisation.id)
    trusted = [key for key in keys if key.state is not KeyState.COMPROMISED]
    listed = [{**jwk.to_jwk(key.public_key), "kid": key.verification_method} for key in trusted]
    return {"issuer": desk.site.issuer, "jwks": {"keys": listed}}


def wants_signed(accept: str) -> bool:
    """Tell whether the reader asks for a signed document and not (also) for a plain one."""
    kinds = {part.partition(";")[0].strip().lower() for part in accept.split(",")}
    return "application/jwt" in kinds and "application/json" not in kinds


def languages(members: Mapping[str, Any]) -> Sequence[str]:
    """Return every language something is displayed in, in order of appearance."""
    shown = list(members.get("display", []))
    for one in members["credential_configurations_supported"].values():
        shown += one["credential_metadata"]["display"]
    return list(dict.fromkeys(display["locale"] for display in shown))


def preferred(header: str, known: Sequence[str]) -> str | None:
    """Return the language of `known` that ``Accept-Language`` likes best, None without a wish."""
    for wish in sorted(filter(None, header.split(",")), key=_weight, reverse=True):
        tag = wish.partition(";")[0].strip().lower()
        for language in known:
            if tag in (language.lower(), language.lower().partition("-")[0]):
                return language
    return None


def _weight(wish: str) -> float:
    _, _, weight = wish.partition(";q=")
    try:
        return float(weight or 1)
    except ValueError:
        return 0.0
