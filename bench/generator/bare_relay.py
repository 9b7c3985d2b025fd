"""A relay that only copies: `python3 bare_relay.py <port>`.

It reads what one client sends and writes it to all others before it reads
again: no lines, no checks, no queues. Faster than this, one core cannot hand
bytes to the generator; slower than this, the generator is not what limits.
"""

import select
import socket
import sys

CHUNK_BYTES = 256 * 1024


def main() -> None:
    """Serves for ever."""
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=4096)
    poll = select.epoll()
    poll.register(listener.fileno(), select.EPOLLIN)
    clients: dict[int, socket.socket] = {}
    buffer = memoryview(bytearray(CHUNK_BYTES))
    while True:
        for fd, _ in poll.poll():
            if fd == listener.fileno():
                sock, _ = listener.accept()
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.settimeout(60)
                clients[sock.fileno()] = sock
                poll.register(sock.fileno(), select.EPOLLIN)
                continue
            try:
                count = clients[fd].recv_into(buffer)
            except ConnectionError:
                count = 0
            if count == 0:
                poll.unregister(fd)
                clients.pop(fd).close()
                continue
            for other, sock in clients.items():
                if other != fd:
                    copy(sock, buffer[:count])


def copy(sock: socket.socket, data: memoryview) -> None:
    """Writes to one client; one that has gone is noticed when it is read from."""
    try:
        sock.sendall(data)
    except OSError:
        pass


main()
