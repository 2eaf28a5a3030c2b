"""An index for measurements: takes uploads by the legacy form and lists them, on keep-alive connections.

    sink.py [--delay MILLISECONDS]

It prints its port. Below /N/ for any N lies an index of its own, so that every run begins with an empty
one: POST /N/legacy/, GET /N/simple/PROJECT/, GET /N/files/NAME. Files over 1 MiB are counted and not kept.
"""
import argparse
import asyncio
import hashlib
import json
import re

KEPT = 1 << 20
indexes = {}


async def body_of(reader, head, on_piece):
    length = re.search(rb'(?im)^content-length: *(\d+)', head)
    if length:
        left = int(length.group(1))
        while left:
            piece = await reader.read(min(left, 1 << 18))
            if not piece:
                raise ConnectionError
            left -= len(piece)
            on_piece(piece)
    elif re.search(rb'(?im)^transfer-encoding: *chunked', head):
        while True:
            size = int((await reader.readline()).split(b';')[0], 16)
            piece = await reader.readexactly(size + 2)
            on_piece(piece[:-2])
            if not size:
                return


def stored(index, boundary, parts):
    """Takes the form apart; what is not kept of the file is only counted."""
    head = bytes(parts['head'])
    field = lambda name: re.search(rb'name="' + name + rb'"[^\r]*\r\n(?:[^\r]+\r\n)*\r\n([^\r]*)\r\n', head)
    name = re.search(rb'filename="([^"]+)"', head).group(1).decode()
    digest = field(b'sha256_digest').group(1).decode()
    content = None
    if parts['size'] <= KEPT:
        start = head.index(b'\r\n\r\n', head.index(b'filename=')) + 4
        content = head[start:head.index(b'\r\n--' + boundary, start)]
        assert hashlib.sha256(content).hexdigest() == digest, name
    index[name] = {'sha256': digest, 'content': content}


async def answer(method, path, index, writer):
    status, kind, text = 404, 'text/plain', b''
    if method == 'POST':
        status = 200
    elif path.startswith('simple/') and index:
        files = [{'filename': name, 'url': '../../files/' + name, 'hashes': {'sha256': file['sha256']},
                  'size': len(file['content']) if file['content'] is not None else None, 'yanked': False}
                 for name, file in index.items()]
        status, kind = 200, 'application/vnd.pypi.simple.v1+json'
        text = json.dumps({'meta': {'api-version': '1.0'}, 'name': 'demo', 'files': files}).encode()
    elif path.startswith('files/') and path[6:] in index:
        status, kind, text = 200, 'application/octet-stream', index[path[6:]]['content']
    writer.write(f'HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\nContent-Length: {len(text)}\r\n\r\n'.encode() + text)
    await writer.drain()


async def serve(reader, writer, delay):
    # The way there and back takes its time for a connection as for a request.
    await asyncio.sleep(delay)
    try:
        while True:
            head = await reader.readuntil(b'\r\n\r\n')
            method, target, _ = head.split(b'\r\n')[0].decode().split(' ')
            number, _, path = target.lstrip('/').partition('/')
            index = indexes.setdefault(number, {})
            if re.search(rb'(?im)^expect: *100-continue', head):
                writer.write(b'HTTP/1.1 100 Continue\r\n\r\n')
            parts = {'head': bytearray(), 'size': 0}

            def on_piece(piece):
                parts['size'] += len(piece)
                if len(parts['head']) < KEPT + (64 << 10):
                    parts['head'] += piece
            await body_of(reader, head, on_piece)
            if method == 'POST':
                boundary = re.search(rb'(?i)boundary="?([^"\r;]+)', head).group(1)
                stored(index, boundary, parts)
            await asyncio.sleep(delay)
            await answer(method, path, index, writer)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--delay', type=float, default=0)
    delay = parser.parse_args().delay / 1000
    server = await asyncio.start_server(lambda r, w: serve(r, w, delay), '127.0.0.1', 0, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()

asyncio.run(main())
