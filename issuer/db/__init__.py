"""The store: one engine, one metadata, migrations; SQLite by default, PostgreSQL to grow."""
