"""A TCP proxy that breaks connections: before the request arrives, before the answer leaves, or in the middle of it."""

import asyncio
import contextlib
import random
import threading
from collections.abc import Callable


class CuttingProxy:
    """Listens on the loopback and passes to a port; one connection in `odds` is cut at each of three places."""

    def __init__(self, target: int, *, odds: int, seed: int) -> None:
        self.target = target
        self.port = 0
        self._odds = odds
        self._chance = random.Random(seed)
        self._ready = threading.Event()
        self._passing: set[asyncio.Task[None] | None] = set()  # asyncio itself holds them loosely
        self._end: Callable[[], object] = lambda: None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(10)

    def stop(self) -> None:
        """Close every connection, and listen no more."""
        self._end()
        self._thread.join(10)

    def _run(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(self._serve())

    async def _serve(self) -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        self._end = lambda: loop.call_soon_threadsafe(task.cancel) if task else None
        server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        async with server:
            await server.serve_forever()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._passing.add(task := asyncio.current_task())
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._carry(reader, writer)
        finally:
            writer.close()
            self._passing.discard(task)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut():
            return  # before anything arrived
        behind, before = await asyncio.open_connection("127.0.0.1", self.target)
        request = asyncio.create_task(self._pump(reader, before, lambda: False))
        try:
            await self._pump(behind, writer, self._cut)
        finally:
            before.close()
            request.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await request

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, cut: object) -> None:
        while data := await source.read(65536):
            if cut():  # type: ignore[operator]
                if self._chance.random() < 0.5:
                    sink.write(data[: len(data) // 2])  # in the middle of the answer
                    await sink.drain()
                return  # the server has stored; nobody is told
            sink.write(data)
            await sink.drain()

    def _cut(self) -> bool:
        return self._chance.randrange(self._odds) == 0
