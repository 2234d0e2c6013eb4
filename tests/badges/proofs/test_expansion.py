import copy
from concurrent.futures import ThreadPoolExecutor

import pytest

from badges.credential import V1
from badges.errors import BudgetExceeded, DataLoss, MalformedCredential
from badges.proofs import canon, expansion, plain_pyld
from tests.badges.proofs.test_canon import BADGE


def test_threads_share_no_cache_of_pyld():
    """PyLD's caches change when they are read; shared, they refuse honest badges now and then."""
    canon.canonicalize(BADGE)

    def caches():
        canon.canonicalize(BADGE)
        return held()

    with ThreadPoolExecutor(1) as pool:
        theirs = pool.submit(caches).result()
    assert theirs
    assert not any(cache is other for cache in held() for other in theirs)


def held():
    kept = expansion._CACHES.kept.values()
    return [cache for one in kept for cache in (one.resolved, one.processed)]


def processed():
    return expansion._CACHES.kept[frozenset()].processed


def test_contexts_are_worked_through_once():
    canon.canonicalize(BADGE)
    before = dict(processed())
    assert canon.canonicalize({**BADGE, "id": "urn:uuid:another"})
    assert dict(processed()) == before


def test_what_a_type_means_depends_on_what_it_stands_in():
    """The same scoped context under other active contexts is another one, and stays so."""
    evidence = {"type": ["Evidence"], "id": "https://uni.example/work", "name": "Work"}
    inside = {**BADGE, "evidence": [evidence]}
    plain = {"@context": BADGE["@context"], **evidence}
    for document in (inside, plain, inside, plain):
        assert canon.canonicalize(document) == plain_pyld.canonicalize(document)


def test_contexts_that_contradict_each_other_are_refused_every_time():
    contradiction = {**BADGE, "@context": [*BADGE["@context"], V1]}
    for _ in range(3):
        with pytest.raises(MalformedCredential, match="protected"):
            canon.canonicalize(contradiction)
        assert canon.canonicalize(BADGE)


def test_no_more_contexts_are_kept_than_are_needed():
    v2, ob = BADGE["@context"]
    for count in range(expansion.MAX_CONTEXTS - 1):
        for last in (v2, ob):
            canon.canonicalize({**BADGE, "@context": [v2, ob, *[ob] * (count - 1), last]})
    assert len(processed()) <= expansion.MOST_PROCESSED


def test_objects_know_where_they_stand_after_a_copy():
    placed = copy.deepcopy(expansion.placed({"a/b": [{"c": {}}]}))
    assert placed.path == ""
    assert placed["a/b"][0]["c"].path == "/a~1b/0/c"


def test_equal_objects_are_told_apart_in_an_error():
    document = {**BADGE, "evidence": [{"type": ["Evidence"]}, {"type": ["Evidence"], "odd": 1}]}
    with pytest.raises(DataLoss, match=r"^/evidence/1/odd: "):
        canon.canonicalize(document)


def test_the_nameless_objects_are_named():
    assert set(canon.expand(BADGE).nameless) == {
        "/credentialSubject",
        "/credentialSubject/identifier/0",
        "/credentialSubject/result/0",
        "/credentialSubject/achievement/criteria",
    }


def test_every_member_is_reported_with_its_spelling():
    spelled = {(s.place.path, s.key): s for s in canon.expand(BADGE).spellings}
    until = spelled["", "validFrom"]
    assert until.iri == "https://www.w3.org/2018/credentials#validFrom"
    assert until.is_term
    assert spelled["", "type"].terms == {"VerifiableCredential", "OpenBadgeCredential"}
    assert spelled["/issuer", "id"].values == {"did:web:uni.example": "did:web:uni.example"}


def test_more_contexts_than_anybody_needs_are_refused():
    many = [*BADGE["@context"], *BADGE["@context"][1:] * 20]
    with pytest.raises(BudgetExceeded, match="contexts"):
        canon.canonicalize({**BADGE, "@context": many})
