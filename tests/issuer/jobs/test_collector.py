import gc

import pytest

from issuer.jobs.collector import MORE_THAN_A_CHUNK, look_seldom


@pytest.fixture
def usual():
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("usual")
def test_a_chunk_is_not_looked_through():
    seen = []
    gc.callbacks.append(lambda phase, _: seen.append(phase))
    try:
        kept = [[number] for number in range(5_000)]
        assert seen
        look_seldom()
        seen.clear()
        kept += [[number] for number in range(MORE_THAN_A_CHUNK // 2)]
        assert not seen
    finally:
        gc.callbacks.pop()


@pytest.mark.usefixtures("usual")
def test_garbage_in_circles_is_still_found():
    look_seldom()
    seen = []
    gc.callbacks.append(lambda phase, _: seen.append(phase))
    try:
        for _ in range(2 * MORE_THAN_A_CHUNK):
            circle = []
            circle.append(circle)
        assert seen
    finally:
        gc.callbacks.pop()
