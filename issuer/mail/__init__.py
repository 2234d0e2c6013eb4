"""Mail: queued by id, written when it is sent, tried again when it fails."""
