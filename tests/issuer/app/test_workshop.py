import subprocess
import sys

LOADED = """
import sys
import issuer.app.workshop
print("sqlalchemy.orm" in sys.modules, "dbos" in sys.modules)
"""


def test_the_engine_is_loaded_late_and_what_it_shares_with_requests_is_not():
    """A query that is put together while another thread loads ``sqlalchemy.orm`` fails."""
    ran = subprocess.run([sys.executable, "-c", LOADED], check=True, capture_output=True, text=True)
    assert ran.stdout.split() == ["True", "False"]
