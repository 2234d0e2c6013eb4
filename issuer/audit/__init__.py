"""The audit log: every act that matters, hash-chained, in the same commit as the act."""
