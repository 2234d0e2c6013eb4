"""What is signed: credentials, proofs, status, baking, EDC, and how all of it is checked."""
