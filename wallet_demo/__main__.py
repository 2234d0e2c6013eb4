"""`python -m wallet_demo`: the wallet on the command line."""

from wallet_demo.cli import main

main()
