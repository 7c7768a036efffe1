"""A mail server that takes everything and keeps nothing, in a process of its own: `python -m bench.sink`.

Prints its port. It speaks just enough SMTP, so that what is measured is the sender.
"""

import asyncio
import sys
from contextlib import suppress

_READY, _OK, _GO_ON, _BYE = b"220 sink\r\n", b"250 OK\r\n", b"354 go on\r\n", b"221 bye\r\n"
_END = b"\r\n.\r\n"


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, until it says goodbye."""
    writer.write(_READY)
    while line := await reader.readline():
        command = line[:4].upper()
        if command == b"DATA":
            writer.write(_GO_ON)
            await reader.readuntil(_END)
            writer.write(_OK)
        elif command == b"QUIT":
            writer.write(_BYE)
            break
        else:
            writer.write(_OK)
    with suppress(OSError):
        writer.close()


async def serve() -> None:
    """Listen on a free port of this machine, for ever."""
    server = await asyncio.start_server(converse, "127.0.0.1", 0, limit=2**22)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve())
