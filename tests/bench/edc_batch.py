"""What one European Digital Credential of a batch costs, all in: convert, check, seal, keep.

Run: ``python -m tests.bench.edc_batch [COUNT]``; prints one JSON object. ``cpu_ms`` is processor
time for one: facts from the store, two page images (English and the achievement's own language),
the text with every rule, seal B-T, our own check, rows and audit lines. The answer of the timestamp
authority is made in this process, as no real one is near: ``without_timestamps_cpu_ms`` is the
same at level B-B.
"""

import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from issuer.awarding import batches as awarding
from issuer.db.session import reading
from issuer.edc import exporting, store
from tests.crash.rounds import Service


def measure(count, folder):
    """Return the figures for `count` EDC with timestamps, and as many without."""
    service = Service(folder, "")
    sealer = exporting.demo_sealer(service.instance)
    figures = {"edc": count}
    for name, seal in (("", sealer), ("without_timestamps_", replace(sealer, timestamps=None))):
        batch = service.submit(count)
        for chunk in awarding.plan(service.instance, batch):
            awarding.do_chunk(service.instance, batch, *chunk)
        with reading(service.instance.engine) as connection:
            numbers = store.badges_of(connection, batch)
        exporting.seal_some(service.instance, numbers[:1], seal)  # what is shared is drawn here
        began, clock = time.process_time(), time.perf_counter()
        made = exporting.seal_many(service.instance, numbers, seal)
        spent, passed = time.process_time() - began, time.perf_counter() - clock
        figures[f"{name}cpu_ms"] = round(1000 * spent / count, 2)
        figures[f"{name}wall_ms"] = round(1000 * passed / count, 2)
        figures[f"{name}sealed"] = len(made.sealed)
    service.instance.engine.dispose()
    return figures


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as place:
        sys.stdout.write(json.dumps(measure(asked, Path(place) / "data")) + "\n")
