"""One file for each DID method we understand."""
