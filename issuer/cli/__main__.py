"""``python -m issuer.cli`` is the `learnseal` command."""

from issuer.cli.program import main

main()
