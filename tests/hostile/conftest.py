"""The corpus is made once for each process that runs tests of it."""

import pytest

from badges.verify import Case, Policy, check, needs, read
from tests.hostile.corpus import corpus
from tests.hostile.world import NOW


@pytest.fixture(scope="session")
def made():
    return corpus()


@pytest.fixture(scope="session")
def judge(made):
    """Gather from the corpus's web as an edge would, and check."""
    world, _ = made

    def judge(data, policy=None):
        presented, evidence, asked = read(data), {}, set()
        policy = policy or Policy()
        while todo := needs(presented, evidence, policy) - asked:
            asked |= todo
            evidence |= {url: world.pages[url] for url in todo if url in world.pages}
        return check(Case(presented, evidence, policy, NOW))

    return judge
