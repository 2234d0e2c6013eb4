"""One file for each place a private key can live."""
