"""The API of integrators: clients with tokens, and what the desk does as JSON."""
