"""VC-API: issue and verify for integrators and conformance suites."""
