"""A worker for tests: does what the question says, good or bad."""

import os
import sys
import time
from multiprocessing.connection import Connection

from issuer.verify.confinement import allow, confine

line, memory, seconds = Connection(int(sys.argv[1])), int(sys.argv[2]), float(sys.argv[3])
confine(memory)
line.send_bytes(b"ready")
while True:
    wish = line.recv_bytes()
    allow(seconds)
    if wish == b"sleep":
        time.sleep(60)
    if wish == b"spin":
        while True:
            pass
    if wish == b"eat":
        eaten = [bytes(2**28) for _ in range(64)]
    if wish == b"die":
        os._exit(1)
    if wish == b"flood":
        line.send_bytes(bytes(2**20))
    if wish == b"environment":
        line.send_bytes(repr(sorted(os.environ)).encode())
    line.send_bytes(b"answer to " + wish + b" from %d" % os.getpid())
