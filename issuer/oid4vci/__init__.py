"""Badges into wallets: the OpenID4VCI issuer and its authorization server, per organisation."""
