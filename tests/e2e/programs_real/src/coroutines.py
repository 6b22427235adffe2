"""asyncio: an echo server that also counts ticks of a timer and runs blocking work in threads."""
import asyncio

ticks = 0


async def count():
    global ticks
    while True:
        await asyncio.sleep(0.01)
        ticks += 1


async def serve(reader, writer):
    while line := await reader.readline():
        if line == b"ticks\n":
            line = b"%d\n" % ticks
        elif line == b"thread\n":
            line = b"%d\n" % await asyncio.to_thread(sum, range(100000))
        elif line == b"slow\n":
            try:
                await asyncio.wait_for(asyncio.sleep(10), 0.05)
            except asyncio.TimeoutError:
                line = b"timeout\n"
        writer.write(line)
        await writer.drain()
    writer.close()


async def main():
    ticker = asyncio.create_task(count())
    server = await asyncio.start_server(serve, "0.0.0.0", 7, backlog=256)
    print("listening", flush=True)
    async with server:
        await server.serve_forever()

asyncio.run(main())
