"""Pages: their frame, look, words, safety and errors; every room with a page uses this one."""
