from tests.bench.claims import measure


def test_every_claim_of_the_measurement_succeeds(tmp_path):
    figures = measure(2, tmp_path)
    assert set(figures) == {"ldp_vc", "jwt_vc_json", "dc+sd-jwt"}
    assert all(figure["claims"] == 2 and figure["cpu_ms"] > 0 for figure in figures.values())
