"""Ten thousand awards with an EDC each; the worker is killed in the middle of the sealing, twice.

Run: ``python -m tests.crash.edc_middle [ROWS]``; prints what was lost or doubled (nothing), and the
processor time of all workers for one badge with its EDC, the lost work of the killed among it.
"""

import json
import resource
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from issuer.edc import batches as edc
from tests.crash.rounds import Result, Service, count, kill


def run(rows, folder):
    """Return what was found, and the milliseconds of one award."""
    service = Service(folder, "", seals=True)
    batch = service.submit(rows)
    result = Result("SQLite", rows_of_batch=rows, batches=1, rows=rows)
    for kills in range(3):
        process = service.worker("w1", result)
        while not service.is_done(batch):
            time.sleep(1)
            if (
                kills < 2
                and edc.progress_of(service.instance, batch).sealed > rows * (kills + 1) / 3
            ):
                break
        kill(process)
        result.rounds += kills < 2
    result.completed_by_itself = service.is_done(batch)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    count(service, result)
    service.instance.engine.dispose()
    return result, round(1000 * (spent.ru_utime + spent.ru_stime) / rows, 1)


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="learnseal-edc-") as place:
        found, milliseconds = run(asked, Path(place) / "data")
    sys.stdout.write(json.dumps(asdict(found) | {"cpu_ms_each": milliseconds}) + "\n")
    sys.exit(0 if found.is_clean else 1)
