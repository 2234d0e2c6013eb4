import json
import random

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.errors import BudgetExceeded
from badges.proofs import nquads, rdfc
from badges.proofs.budget import BUDGET, Budget

PREDICATES = ("<urn:p>", "<urn:q>")


def clique(size):
    nodes = range(size)
    return [(f"_:n{i}", "<urn:p>", f"_:n{j}", "") for i in nodes for j in nodes if i != j]


def ring(size):
    return [(f"_:n{i}", "<urn:p>", f"_:n{(i + 1) % size}", "") for i in range(size)]


def entries(shared):
    manifest = json.loads((shared / "vectors/rdfc10/manifest-subset.json").read_text())
    return [entry for entry in manifest["entries"] if entry["type"] == "rdfc:RDFC10EvalTest"]


def test_every_official_dataset_gets_its_official_form(shared):
    folder = shared / "vectors/rdfc10"
    seen = 0
    for entry in entries(shared):
        hash_name = "sha384" if entry.get("hashAlgorithm") == "SHA384" else "sha256"
        quads = nquads.parse((folder / entry["action"]).read_text())
        lines = rdfc.canonical_lines(quads, hash_name=hash_name)
        assert "".join(lines) == (folder / entry["result"]).read_text(), entry["id"]
        seen += 1
    assert seen == 32


def test_sha_384_is_among_the_official_datasets(shared):
    assert any(entry.get("hashAlgorithm") == "SHA384" for entry in entries(shared))


@pytest.mark.parametrize("size", [7, 8, 10, 20, 60])
def test_refuses_a_clique_of_nameless_objects(size):
    with pytest.raises(BudgetExceeded, match="entangled"):
        rdfc.canonical_lines(clique(size))


@pytest.mark.parametrize("size", [200, 1000, 3000])
def test_refuses_a_long_ring_of_nameless_objects(size):
    with pytest.raises(BudgetExceeded, match="entangled"):
        rdfc.canonical_lines(ring(size))


def test_refuses_too_many_statements():
    quads = [("<urn:s>", "<urn:p>", f'"{i}"', "") for i in range(11)]
    with pytest.raises(BudgetExceeded, match="statements"):
        rdfc.canonical_lines(quads, budget=Budget(quads=10))


def test_refuses_too_many_nameless_objects():
    quads = [(f"_:n{i}", "<urn:p>", f'"{i}"', "") for i in range(11)]
    with pytest.raises(BudgetExceeded, match="nameless"):
        rdfc.canonical_lines(quads, budget=Budget(blank_nodes=10))


def test_the_work_of_a_small_clique_is_paid_for():
    assert len(rdfc.canonical_lines(clique(5))) == 20
    with pytest.raises(BudgetExceeded):
        rdfc.canonical_lines(clique(5), budget=Budget(work=100))


def test_many_alike_but_unconnected_objects_cost_little():
    quads = [(f"_:n{i}", "<urn:p>", '"same"', "") for i in range(1000)]
    assert len(rdfc.canonical_lines(quads, budget=Budget(work=10))) == 1000


TERMS = st.sampled_from([f"_:n{i}" for i in range(5)])
OBJECTS = TERMS | st.sampled_from(["<urn:o>", '"x"', '"y"@en', '"1"^^<urn:d>'])
GRAPHS = st.sampled_from(["", "", "<urn:g>", "_:g"])
QUADS = st.lists(st.tuples(TERMS, st.sampled_from(PREDICATES), OBJECTS, GRAPHS), max_size=12)


@settings(max_examples=150, deadline=None)
@given(QUADS, st.randoms())
def test_names_and_order_of_blank_nodes_do_not_matter(quads, chance: random.Random):
    nodes = [f"_:n{i}" for i in range(5)]
    names = [f"_:m{i}" for i in range(5)]
    chance.shuffle(names)
    shuffled = [rdfc.relabel(q, dict(zip(nodes, names, strict=True))) for q in quads]
    chance.shuffle(shuffled)
    budget = Budget(work=10**7)
    assert rdfc.canonical_lines(quads, budget=budget) == rdfc.canonical_lines(
        shuffled, budget=budget
    )


@settings(max_examples=150, deadline=None)
@given(QUADS)
def test_a_second_implementation_agrees(quads):
    ours = "".join(rdfc.canonical_lines(quads, budget=Budget(work=10**7)))
    text = "".join(nquads.line(quad) for quad in quads)
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(text.encode(), pyoxigraph.RdfFormat.N_QUADS))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    theirs = sorted(
        pyoxigraph.serialize([quad], format=pyoxigraph.RdfFormat.N_QUADS).decode()
        for quad in dataset
    )
    assert ours == "".join(theirs)


def test_the_default_budget_is_enough_for_the_official_datasets(shared):
    folder = shared / "vectors/rdfc10"
    for entry in entries(shared):
        rdfc.canonical_lines(nquads.parse((folder / entry["action"]).read_text()), budget=BUDGET)
