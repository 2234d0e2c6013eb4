"""Pages: their frame, look, words, safety and errors; every room with a page uses this one."""

from issuer.web.request import instance_of

__all__ = ["instance_of"]
