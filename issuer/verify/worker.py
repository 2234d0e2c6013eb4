"""One process that checks what strangers send: reads a question, answers it, again and again.

Started by `issuer.verify.pool` with a socket, an allowance of memory and one of processor time.
It holds no key, no database and no settings; it opens no connection.
"""

import sys
from multiprocessing.connection import Connection

from issuer.verify import question
from issuer.verify.confinement import allow, confine

__all__ = ["main"]


def main(socket: int, memory: int, seconds: float) -> None:
    """Say that we are ready, then answer questions until the other end closes."""
    confine(memory)
    with Connection(socket) as line:
        line.send_bytes(b"ready")
        while True:
            try:
                request = line.recv_bytes()
            except EOFError:
                return
            allow(seconds)
            line.send_bytes(question.answer(request))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
