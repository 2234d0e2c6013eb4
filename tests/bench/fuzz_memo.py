"""Fuzz the shape memo and its templates: the bytes of the full algorithm, or the same refusal.

Run from the repository: ``PYTHONPATH=. python tests/bench/fuzz_memo.py [--documents N]``. Each
document is a badge of the bench workload with a few hostile edits; now and then a whole crowd keeps
one edit, so that odd shapes are compiled too. Second opinions: PyLD alone on one in four of what it
can write rightly, pyoxigraph and, where node and it are installed, jsonld.js on one in ten.
With ``--workers 2`` two processes share the documents, each with a seed of its own.
"""

import argparse
import json
import multiprocessing
import os
import random
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import orjson
import pyoxigraph

from badges.errors import BadgeError
from badges.proofs import canon, known_shapes, plain_pyld
from badges.proofs.shape_memo import ShapeMemo
from contexts import loader
from issuer.cli.bench_workload import drafts

CLIENTS = Path(__file__).resolve().parents[1] / "clients"
TEXTS = (
    *("", "@id", "@type", "@none", "_:b0", "name", "id", "Profile", "schema:name", "xsd:date"),
    *("did:web:a.example", "https://uni.example/a b", "https://uni.example/é", "HTTPS://A.B/"),
    *("relative", "../up", "#fragment", "//host/path", "urn:", "urn:x", "a:b", "mailto:a@b.c"),
    *("tab\tand\nline", "bell\x07", "nul\x00", "delete\x7f", "c1\x85", "\ufffe", "\U0001ffff"),
    *('quote " and \\', "é", "e\u0301", "\u202e", "🎓", "%s %d %%", "\\1", "(?:x)", "  ", "\u2028"),
    *("https://www.w3.org/2018/credentials#name", "https://schema.org/name", "MicroCredential"),
    *("2026-01-01T00:00:00Z", "2026-02-30", "en", "50", "true", "null", "-0", "1e3"),
)
POINTLESS = re.compile(rb"[:,\[]-?\d+[eE]-\d")
VALUES = (True, False, None, 0, 1, -1, 1.0, 0.5, -0.0, 1e21, 1e-7, 2**53, 0.1 + 0.2, [], {}, [[]])


def places(value, path=()):
    """Go through the places of a document, but for those of its contexts."""
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for name, member in members:
        if name == "@context":
            continue
        yield (*path, name)
        if isinstance(member, dict | list):
            yield from places(member, (*path, name))


def parent_of(document, path):
    for step in path[:-1]:
        document = document[step]
    return document


def some_text(dice, document):
    kind = dice.random()
    if kind < 0.5:
        return dice.choice(TEXTS)
    if kind < 0.7:
        other = dice.choice(list(places(document)))
        found = parent_of(document, other)[other[-1]]
        return found if isinstance(found, str) else "x"
    length = dice.randrange(12)
    return "".join(
        chr(dice.choice((dice.randrange(0x80), dice.randrange(0xD7FF)))) for _ in range(length)
    )


def edit(dice, document):
    """Return one edit: where, and what is there afterwards (a function of what was)."""
    path = dice.choice(list(places(document)))
    kind = dice.random()
    if kind < 0.7:
        text = some_text(dice, document)
        return path, lambda _: text
    if kind < 0.85:
        value = dice.choice(VALUES)
        return path, lambda _: value
    if kind < 0.95:
        return path, lambda old: [old, old] if dice.random() < 0.5 else [old]
    name = dice.choice(("undefinedTerm", "id", "type", "@id", "proof", "narrative", "name"))
    text = some_text(dice, document)
    return path, lambda old: {**old, name: text} if isinstance(old, dict) else text


def apply(document, edits):
    for path, change in edits:
        try:
            parent = parent_of(document, path)
            parent[path[-1]] = change(parent[path[-1]])
        except (KeyError, IndexError, TypeError):
            continue
    return document


class LongWay:
    """The full algorithm; asked twice about one document, it answers from memory."""

    def __init__(self):
        self.last = (b"", None)

    def quads(self, document):
        data = orjson.dumps(document)
        if self.last[0] != data:
            self.last = data, result(lambda given: set(canon.to_quads(given)), document)
        if isinstance(self.last[1], set):
            return self.last[1]
        raise self.last[1]

    def canonical(self, quads):
        return "".join(canon.canonical_lines(tuple(quads)))

    def memo(self):
        """Return a memo that goes this long way."""
        return ShapeMemo(
            self.quads,
            self.canonical,
            known_shapes.pinned_vocabulary(),
            nonce=f"n{secrets.token_hex(16)}",
            group=known_shapes._achievement,
            alarm=lambda _: None,
        )

    def canonicalize(self, document):
        return self.canonical(self.quads(document)).encode()


def result(function, document):
    try:
        return function(document)
    except BadgeError as error:
        return error


def by_pyoxigraph(document):
    """Let pyoxigraph name the blank nodes and write the quads."""
    text = "".join(" ".join(filter(None, quad)) + " .\n" for quad in canon.to_quads(document))
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(text.encode(), pyoxigraph.RdfFormat.N_QUADS))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    rows = pyoxigraph.serialize(dataset, format=pyoxigraph.RdfFormat.N_QUADS).decode()
    return "".join(sorted(row + "\n" for row in rows.split("\n") if row)).encode()


NODE = """
const jsonld = require('jsonld');
const lines = require('fs').readFileSync(0, 'utf8').trim().split('\\n').map(JSON.parse);
const contexts = lines.shift();
const documentLoader = async url => ({contextUrl: null, documentUrl: url, document: contexts[url]});
(async () => { for (const document of lines) {
  const text = await jsonld.canonize(document, {algorithm: 'RDFC-1.0', safe: true, documentLoader});
  console.log(JSON.stringify(text));
} })();
"""


def by_node(documents):
    """Let jsonld.js write documents; None where node or jsonld is not installed."""
    if not documents or not shutil.which("node") or not (CLIENTS / "node_modules/jsonld").is_dir():
        return None
    contexts = {url: loader.load(url) for document in documents for url in document["@context"]}
    lines = "\n".join(json.dumps(value) for value in (contexts, *documents))
    run = subprocess.run(
        ["node", "-e", NODE], input=lines, cwd=CLIENTS, text=True, capture_output=True, check=True
    )
    return [json.loads(line).encode() for line in run.stdout.split("\n") if line]


def pyld_writes(document):
    """Tell whether PyLD's escapes are those of RDFC-1.0 on this document."""
    text = orjson.dumps(document).decode()
    return "\\u" not in text and "\\b" not in text and "\\f" not in text and "\x7f" not in text


def all_write_alike(document):
    """Tell whether implementations agree on its characters: on U+FFFE and U+FFFF they do not."""
    text = orjson.dumps(document).decode()
    return "\ufffe" not in text and "\uffff" not in text


def node_counts_alike(document):
    """Tell whether jsonld.js takes its numbers for what JSON-LD 1.1 API §8.2.2 says they are.

    A number that is written without a point (1e-07) is an integer to it, and comes out as 0.
    """
    return not POINTLESS.search(orjson.dumps(document))


def crowd(dice, number, size):
    """Give a crowd of badges that share some hostile edits and have others of their own."""
    (model,) = drafts(1, number)
    shared = [edit(dice, model) for _ in range(dice.choice((0, 0, 1, 1, 2)))]
    for draft in drafts(size, number):
        own = [edit(dice, draft) for _ in range(dice.choice((0, 0, 1, 2)))]
        yield apply(apply(orjson.loads(orjson.dumps(draft)), shared), own)


def opinions_on(document, truth, counts):
    """Ask others what they think of it."""
    if isinstance(truth, BadgeError):
        counts["refused"] += 1
        return
    counts["canonicalized"] += 1
    if counts["canonicalized"] % 4 == 0 and pyld_writes(document):
        counts["PyLD alone"] += 1
        yield "PyLD alone", plain_pyld.canonicalize(document)
    if counts["canonicalized"] % 10 == 0 and all_write_alike(document):
        counts["pyoxigraph"] += 1
        yield "pyoxigraph", by_pyoxigraph(document)


def all_documents(documents, seed):
    dice = random.Random(seed)  # noqa: S311 - repeatable on purpose
    while documents:
        size = min(dice.choice((4, 8, 16)), documents)
        yield from crowd(dice, dice.randrange(10**6), size)
        documents -= size


def same(one, other):
    """Tell whether two answers are the same bytes, or refusals of the same kind."""
    if isinstance(one, BadgeError):
        return type(one) is type(other)
    return one == other


def fuzz(documents, seed, *, tell=lambda _: None, long_way=None):
    """Compare the memo with the full algorithm; return the counts and the differences."""
    own = LongWay()
    long_way, memo = long_way or own, own.memo()
    counts, differences, for_node = Counter(), [], []
    for number, document in enumerate(all_documents(documents, seed), start=1):
        counts[type(memo.sight(document)).__name__] += 1
        made = result(memo.canonicalize, document)
        truth = result(long_way.canonicalize, document)
        opinions = {"long way": truth} | dict(opinions_on(document, truth, counts))
        differences += [
            (name, document) for name, opinion in opinions.items() if not same(made, opinion)
        ]
        if isinstance(made, bytes) and counts["canonicalized"] % 10 == 0:
            for_node.append((document, made))
        if len(for_node) == 100:
            differences += ask_node(for_node, counts)
        if number % 1_000 == 0:
            tell(f"{number} documents, {len(differences)} different")
    differences += ask_node(for_node, counts)
    counts.update(documents=documents, different=len(differences))
    return counts, differences, memo.trusted


def ask_node(waiting, counts):
    """Give the documents that jsonld.js writes otherwise, and forget those that wait."""
    asked = [
        (document, made)
        for document, made in waiting
        if all_write_alike(document) and node_counts_alike(document)
    ]
    waiting.clear()
    for (document, made), opinion in zip(
        asked, by_node([document for document, _ in asked]) or (), strict=False
    ):
        counts["jsonld.js"] += 1
        if made != opinion:
            yield "jsonld.js", document


def fuzz_share(share):
    return fuzz(*share, tell=say)


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    started, share = time.monotonic(), -(-given.documents // given.workers)
    shares = [
        (min(share, given.documents - first), given.seed + number)
        for number, first in enumerate(range(0, given.documents, share))
    ]
    with multiprocessing.get_context("spawn").Pool(len(shares)) as pool:
        runs = pool.map(fuzz_share, shares)
    counts = sum((found for found, _, _ in runs), Counter())
    differences = [difference for _, found, _ in runs for difference in found]
    say(f"{dict(counts)} in {time.monotonic() - started:.0f} s; {len(differences)} different")
    for name, document in differences[:3]:
        say(f"{name}: {json.dumps(document)}")
    sys.exit(1 if differences or not all(trusted for _, _, trusted in runs) else 0)


if __name__ == "__main__":
    main()
