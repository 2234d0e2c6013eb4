"""Rows V11 to V13: text that readers differ on, graphs that never end, and pictures."""

import json
import zlib

from badges import baking
from tests.hostile.pictures import HEADER, PIXELS, PNG, SIGNATURE, SVG, chunk
from tests.hostile.world import Hostile, encode

OB = "https://purl.imsglobal.org/ob/v3p0"


def files(world):
    """Yield the files."""
    yield from _texts(world)
    yield from _graphs(world)
    yield from _png(world)
    yield from _svg(world)


def _texts(world):
    for suite in ("eddsa-rdfc-2022", "eddsa-jcs-2022"):
        badge = world.uni.badge(suite)
        text = json.dumps(badge)
        end = text[:-1]
        name = badge["name"]
        proof = json.dumps(badge["proof"])
        made = {
            "doubled-name": f'{end}, "name": "Master of Science"}}',
            "doubled-first": '{"name": "Master of Science", ' + text[1:],
            "doubled-escaped": f'{end}, "n\\u0061me": "Master of Science"}}',
            "doubled-same": f'{end}, "name": {json.dumps(name)}}}',
            "doubled-proof": f'{end}, "proof": {proof}}}',
            "doubled-context": f'{end}, "@context": []}}',
            "doubled-inside": text.replace(
                '"achievement": {', '"achievement": {"name": "Eve", ', 1
            ),
            "nan": f'{end}, "x": NaN}}',
            "infinity": f'{end}, "x": -Infinity}}',
            "1e400": f'{end}, "x": 1e400}}',
            "digits": f'{end}, "x": {"9" * 100_000}}}',
            "minus-zero": f'{end}, "x": -0}}',
            "big-integer": f'{end}, "x": 9007199254740993}}',
            "leading-zero": f'{end}, "x": 007}}',
            "hex": f'{end}, "x": 0x10}}',
            "plus": f'{end}, "x": +1}}',
            "lone-surrogate": f'{end}, "x": "\\ud800"}}',
            "pair-reversed": f'{end}, "x": "\\udc00\\ud800"}}',
            "comment": f"{end} /* x */}}",
            "line-comment": f"{end} // x\n}}",
            "trailing-comma": f"{end},}}",
            "single-quotes": text.replace('"', "'"),
            "after": f"{text} x",
            "two": text + text,
            "before": f"x {text}",
            "list": f"[{text}]",
            "two-in-a-list": f"[{text},{text}]",
            "string": json.dumps(text),
            "half": text[:-50],
            "no-end": end,
            "null": "null",
            "true": "true",
            "number": "1",
            "empty-object": "{}",
            "empty-list": "[]",
            "jsonp": f"callback({text})",
            "xssi": f")]}}'\n{text}",
            "deep-150": f'{end}, "x": {"[" * 150}{"]" * 150}}}',
            "deep-5000": f'{end}, "x": {"[" * 5_000}{"]" * 5_000}}}',
            "deep-200000": "[" * 200_000 + "]" * 200_000,
            "deep-open": "[" * 200_000,
            "deep-objects": '{"a":' * 100_000,
            "quotes": '"' * 200_000,
            "escapes": '"\\' * 100_000,
            "large": f'{end}, "x": "{"x" * (3 * 2**20)}"}}',
            "members": f"{end}, {_members(60_000)}}}",
            "newline-in-text": text.replace(name, name[:4] + "\n" + name[4:], 1),
            "tab-in-text": text.replace(name, name[:4] + "\t" + name[4:], 1),
            "nul-in-text": text.replace(name, name[:4] + "\0" + name[4:], 1),
            "vertical-tab": f"\v{text}",
            "no-break-space": f"\u00a0{text}",
            "bad-escape": text.replace(name, name + "\\x41", 1),
        }
        for what, forged in made.items():
            yield Hostile(f"v11-{suite}-{what}", forged.encode("utf-8", "surrogatepass"))
        raw = text.encode()
        coded = {
            "bom": b"\xef\xbb\xbf" + raw,
            "utf-16": text.encode("utf-16"),
            "utf-16-le": text.encode("utf-16-le"),
            "utf-32": text.encode("utf-32"),
            "utf-7": b'{"x": "+AGE-"' + raw[1:],
            "latin": raw[:-1] + b', "x": "\xe9"}',
            "overlong": raw[:-1] + b', "x": "\xc0\xaf"}',
            "cut-letter": raw[:-1] + b', "x": "\xc3"}',
            "surrogate": raw[:-1] + b', "x": "\xed\xa0\x80"}',
            "nul-after": raw + b"\0",
            "gzip": zlib.compress(raw),
            "null-bytes": bytes(1_000),
            "ff": b"\xff" * 1_000,
            "zip": b"PK\3\4" + raw,
            "pdf": b"%PDF-1.7\n" + raw,
            "html": b"<html>" + raw,
        }
        for what, forged in coded.items():
            yield Hostile(f"v11-{suite}-{what}", forged)
    yield Hostile("v11-empty", b" \n")
    yield Hostile("v11-unsigned", encode(world.uni.draft()))


def _members(count):
    return ", ".join(f'"m{n}": {n}' for n in range(count))


def _attributes(count):
    return " ".join(f'a{n}=""' for n in range(count))


def _graphs(world):
    """Blank nodes that all look alike: each more of them takes ten times as long to tell apart."""
    sizes = {"clique": (4, 5, 6, 7, 8, 10, 12, 20), "ring": (10, 50, 100, 300)}
    badge = world.uni.badge()
    for shape, numbers in sizes.items():
        for size in numbers:
            nodes = []
            for n in range(size):
                others = range(size) if shape == "clique" else [(n + 1) % size]
                links = [{"id": f"_:b{m}"} for m in others if m != n]
                nodes.append({"id": f"_:b{n}", "type": ["Evidence"], "related": links})
            yield Hostile(f"v12-{shape}-{size}", encode({**badge, "evidence": nodes}))
    for count in (200, 2_000, 12_000):
        evidence = [{"type": ["Evidence"], "name": "x"} for _ in range(count)]
        yield Hostile(f"v12-blank-{count}", encode({**badge, "evidence": evidence}))
    for depth in (10, 30, 60):
        inner = {"type": ["Evidence"]}
        for _ in range(depth):
            inner = {"type": ["Evidence"], "evidence": [inner]}
        yield Hostile(f"v12-nested-{depth}", encode({**badge, "evidence": [inner]}))
    tags = [f"tag-{n}" for n in range(40_000)]
    achievement = {**badge["credentialSubject"]["achievement"], "tag": tags}
    subject = {**badge["credentialSubject"], "achievement": achievement}
    yield Hostile("v12-many-tags", encode({**badge, "credentialSubject": subject}))
    loops = [
        {"id": f"urn:{n}", "type": ["Evidence"], "@context": badge["@context"]}
        for n in range(2_000)
    ]
    yield Hostile("v12-many-contexts", encode({**badge, "evidence": loops}))
    wide = badge["@context"] * 300
    yield Hostile("v12-long-context", encode({**badge, "@context": wide}))


def _text_chunk(text, keyword=b"openbadgecredential", rest=b"\0\0\0\0\0", kind=b"iTXt"):
    return chunk(kind, keyword + rest + text)


def _png(world):
    badge = json.dumps(world.uni.badge()).encode()
    forged = json.dumps({**world.uni.badge(), "name": "Master of Science"}).encode()
    good, bad = _text_chunk(badge), _text_chunk(forged)
    end = chunk(b"IEND")
    body = HEADER + good + PIXELS
    made = {
        "forged": HEADER + bad + PIXELS + end,
        "twice": HEADER + good + good + PIXELS + end,
        "bad-and-good": HEADER + bad + good + PIXELS + end,
        "good-and-bad": HEADER + good + bad + PIXELS + end,
        "compressed": HEADER + _text_chunk(zlib.compress(badge), rest=b"\0\1\0\0\0") + PIXELS + end,
        "bomb": HEADER
        + _text_chunk(zlib.compress(bytes(32 * 2**20)), rest=b"\0\1\0\0\0")
        + PIXELS
        + end,
        "checksum": HEADER
        + chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + badge, 0)
        + PIXELS
        + end,
        "after-the-end": HEADER + PIXELS + end + good,
        "junk-after": body + end + b"junk",
        "zip-after": body + end + b"PK\3\4",
        "no-end": body,
        "cut": (body + end)[:-30],
        "no-header": good + PIXELS + end,
        "header-later": good + HEADER + PIXELS + end,
        "text-chunk": HEADER + _text_chunk(badge, kind=b"tEXt", rest=b"\0") + PIXELS + end,
        "ztxt": HEADER
        + _text_chunk(zlib.compress(badge), kind=b"zTXt", rest=b"\0\0")
        + PIXELS
        + end,
        "old-keyword": HEADER + _text_chunk(badge, b"openbadges") + PIXELS + end,
        "upper-keyword": HEADER + _text_chunk(badge, b"OpenBadgeCredential") + PIXELS + end,
        "space-keyword": HEADER + _text_chunk(badge, b"openbadgecredential ") + PIXELS + end,
        "long-length": HEADER + b"\x7f\xff\xff\xff" + good[4:] + PIXELS + end,
        "negative-length": HEADER + b"\xff\xff\xff\xff" + good[4:] + PIXELS + end,
        "zero-length": HEADER + b"\0\0\0\0" + good[4:] + PIXELS + end,
        "no-separators": HEADER + _text_chunk(badge, rest=b"") + PIXELS + end,
        "empty": HEADER + _text_chunk(b"") + PIXELS + end,
        "none": HEADER + PIXELS + end,
        "not-utf-8": HEADER + _text_chunk(badge + b"\xff") + PIXELS + end,
        "html": HEADER + _text_chunk(b"<script>alert(1)</script>") + PIXELS + end,
        "link": HEADER + _text_chunk(b"https://evil.example/badge.json") + PIXELS + end,
        "picture": HEADER + _text_chunk(PNG) + PIXELS + end,
        "chunks": HEADER + chunk(b"tEXt", b"x") * 30_000 + bad + PIXELS + end,
        "empty-chunks": HEADER + chunk(b"tEXt") * 200_000 + bad + end,
    }
    for name, chunks in made.items():
        yield Hostile(f"v13-png-{name}", SIGNATURE + chunks, suffix="png")
    signatures = {"dos": b"\x89PNG\n\x1a\n\0", "jpeg": b"\xff\xd8\xff", "cut": b"\x89PNG"}
    for name, signature in signatures.items():
        yield Hostile(f"v13-png-{name}-signature", signature + body + end, suffix="png")


def _svg(world):
    badge = json.dumps(world.uni.badge())
    forged = json.dumps({**world.uni.badge(), "name": "Master of Science"})
    one = f"<ob:credential><![CDATA[{badge}]]></ob:credential>"
    bad = f"<ob:credential><![CDATA[{forged}]]></ob:credential>"
    start = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:ob="{OB}">'
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    token = world.uni.token()
    made = {
        "forged": f"{start}{bad}</svg>",
        "twice": f"{start}{one}{one}</svg>",
        "bad-and-good": f"{start}{bad}{one}</svg>",
        "good-and-bad": f"{start}{one}{bad}</svg>",
        "doctype": f"<!DOCTYPE svg>{start}{one}</svg>",
        "bomb": f"<!DOCTYPE svg [{entities}]>{start}<ob:credential>&a9;</ob:credential></svg>",
        "external": f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{start}<ob:credential>&x;</ob:credential></svg>',
        "parameter": f'<!DOCTYPE svg [<!ENTITY % x SYSTEM "https://evil.example/x">%x;]>{start}{one}</svg>',
        "external-dtd": f'<!DOCTYPE svg SYSTEM "https://evil.example/x.dtd">{start}{one}</svg>',
        "deep": start + "<g>" * 20_000 + one + "</g>" * 20_000 + "</svg>",
        "unclosed": f"{start}{one}",
        "two-roots": f"{start}{one}</svg>{start}</svg>",
        "other-root": f'<html xmlns:ob="{OB}">{one}</html>',
        "no-namespace": f"<svg>{one}</svg>",
        "other-namespace": f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:ob="https://evil.example/">{one}</svg>',
        "old-namespace": f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:ob="http://openbadges.org">{one}</svg>',
        "tags-inside": f"{start}<ob:credential>{{<b/>}}</ob:credential></svg>",
        "nested": f"{start}<ob:credential>{one}</ob:credential></svg>",
        "both": f'{start}<ob:credential verify="{token}"><![CDATA[{badge}]]></ob:credential></svg>',
        "empty": f"{start}<ob:credential/></svg>",
        "none": f"{start}</svg>",
        "link": f'{start}<ob:credential verify="https://evil.example/b"/></svg>',
        "script": f"{start}<script>alert(1)</script>{bad}</svg>",
        "foreign": f"{start}<foreignObject>{bad}</foreignObject></svg>",
        "comment": f"{start}<!-- {one} --></svg>",
        "cdata": f"{start}<![CDATA[{one}]]></svg>",
        "two-verify": f'{start}<ob:credential verify="{token}" verify="{token}"/></svg>',
        "undefined-entity": f"{start}<ob:credential>&x;</ob:credential></svg>",
        "attributes": f"{start[:-1]} {_attributes(20_000)}>{bad}</svg>",
    }
    for name, text in made.items():
        yield Hostile(f"v13-svg-{name}", text.encode(), suffix="svg")
    good = f"{start}{one}</svg>"
    coded = {
        "utf-16": good.encode("utf-16"),
        "declared-utf-16": b'<?xml version="1.0" encoding="UTF-16"?>'
        + f"{start}{bad}</svg>".encode(),
        "not-utf-8": good.encode().replace(b"Data", b"D\xffta"),
        "large": good[:-6].encode() + b" " * (9 * 2**20) + b"</svg>",
        "nul": good.encode() + b"\0",
    }
    for name, data in coded.items():
        yield Hostile(f"v13-svg-{name}", data, suffix="svg")
    thief = baking.bake(SVG, json.dumps(world.thief.sign(world.uni.draft())))
    yield Hostile("v13-svg-of-a-thief", thief, suffix="svg")
