import copy
from concurrent.futures import ThreadPoolExecutor

import pytest

from badges.errors import BudgetExceeded, DataLoss
from badges.proofs import canon, expansion
from tests.badges.proofs.test_canon import BADGE


def test_threads_share_no_cache_of_pyld():
    """PyLD's caches change when they are read; shared, they refuse honest badges now and then."""
    canon.canonicalize(BADGE)

    def caches():
        canon.canonicalize(BADGE)
        return list(expansion._CACHES.resolved.values())

    with ThreadPoolExecutor(1) as pool:
        theirs = pool.submit(caches).result()
    mine = list(expansion._CACHES.resolved.values())
    assert theirs
    assert not any(cache is other for cache in mine for other in theirs)


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
