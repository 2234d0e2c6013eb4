"""One file for each question a verifier asks; checks never import each other."""
