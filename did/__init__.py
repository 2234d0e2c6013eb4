"""Who signs: DIDs, DID documents, public keys, and private keys behind URIs."""
