"""The words: JSON-LD contexts, schemas, shapes and code lists, offline and pinned by hash."""
