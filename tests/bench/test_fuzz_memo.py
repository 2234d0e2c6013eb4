"""The fuzz run in short forms: the long one is `make fuzz-memo`."""

import importlib.util
from pathlib import Path

import pytest

SPEC = importlib.util.spec_from_file_location("fuzz_memo", Path(__file__).with_name("fuzz_memo.py"))
fuzz_memo = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(fuzz_memo)


def run(documents, seed):
    counts, differences, trusted = fuzz_memo.fuzz(documents, seed)
    assert not differences, differences[:1]
    assert trusted
    assert counts["documents"] == documents
    return counts


def test_eighty_hostile_documents_come_out_as_the_full_algorithm_has_them():
    counts = run(80, seed=7)
    for opinion in ("canonicalized", "refused", "TemplateSight", "PyLD alone", "pyoxigraph"):
        assert counts[opinion], opinion


@pytest.mark.slow
def test_three_thousand_hostile_documents_come_out_as_the_full_algorithm_has_them():
    run(3_000, seed=8)


class Liar(fuzz_memo.LongWay):
    def canonical(self, quads):
        return super().canonical(quads) + "x"


def test_the_fuzzer_sees_a_memo_that_writes_other_bytes():
    counts, differences, _ = fuzz_memo.fuzz(20, 9, long_way=Liar())
    assert counts["different"] == len(differences) > 0


def test_jsonld_js_is_not_asked_about_small_numbers_without_a_point():
    assert not fuzz_memo.node_counts_alike({"creditsAvailable": [1e-7]})
    assert fuzz_memo.node_counts_alike({"creditsAvailable": [1.5e-7, 0.5, 1, 1e21]})
