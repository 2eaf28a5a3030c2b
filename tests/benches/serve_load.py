"""Loads index servers on loopback and prints throughput, p99 and memory: serve_load.py PUBFLOW BIN WORK

SERVE_UPLOADS, SERVE_READS and SERVE_CLIENTS change the numbers; SERVE_ONLY names servers.
"""
import base64
import hashlib
import http.client
import io
import json
import os
import subprocess
import sys
import threading
import time
import urllib.parse
import zipfile

PUBFLOW, BIN, WORK = sys.argv[1:4]
UPLOADS = int(os.environ.get('SERVE_UPLOADS', 2000))
READS = int(os.environ.get('SERVE_READS', 10000))
CLIENTS = int(os.environ.get('SERVE_CLIENTS', 16))
N_PROJECTS = 100
BOUNDARY = 'load'


def wheel(name, version, size):
    """A wheel of about that size whose members are stored."""
    buffer = io.BytesIO()
    info = f'{name}-{version}.dist-info'
    members = {
        f'{name}/data.bin': os.urandom(size),
        f'{info}/METADATA': f'Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: load\n',
        f'{info}/WHEEL': 'Wheel-Version: 1.0\nGenerator: load\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    }
    members[f'{info}/RECORD'] = ''.join(f'{path},,\n' for path in [*members, f'{info}/RECORD'])
    with zipfile.ZipFile(buffer, 'w') as archive:
        for path, content in members.items():
            archive.writestr(path, content)
    return buffer.getvalue()


def form(name, version, content, digest=None):
    """Head, file and tail of the request's body."""
    fields = {':action': 'file_upload', 'protocol_version': '1', 'metadata_version': '2.1', 'name': name, 'version': version,
              'filetype': 'bdist_wheel', 'pyversion': 'py3', 'summary': 'load',
              'sha256_digest': digest or hashlib.sha256(content).hexdigest()}
    head = ''.join(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items())
    head += (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="content"; filename="{name}-{version}-py3-none-any.whl"\r\n'
             'Content-Type: application/octet-stream\r\n\r\n')
    return head.encode(), f'\r\n--{BOUNDARY}--\r\n'.encode()


def memory(pid):
    """Resident MiB of a process and its children: now, and at most so far."""
    now = peak = 0
    pids = [pid] + [int(other) for other in os.listdir('/proc') if other.isdigit() and parent(other) == pid]
    for each in pids:
        try:
            for line in open(f'/proc/{each}/status'):
                if line.startswith('VmRSS'):
                    now += int(line.split()[1])
                if line.startswith('VmHWM'):
                    peak += int(line.split()[1])
        except OSError:
            pass
    return now / 1024, peak / 1024


def parent(pid):
    try:
        return int(open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()[1])
    except (OSError, IndexError):
        return 0


class Server:
    def __init__(self, name, upload, simple, authorization, process):
        self.name, self.upload, self.simple, self.authorization, self.process = name, upload, simple, authorization, process

    def stop(self):
        self.process.kill()
        self.process.wait()


def wait_for(url):
    parts = urllib.parse.urlsplit(url)
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection(parts.netloc, timeout=5)
            connection.request('GET', parts.path or '/')
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f'{url} does not come up')


def free_port():
    import socket
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def basic(user, password):
    return 'Basic ' + base64.b64encode(f'{user}:{password}'.encode()).decode()


def embedded(data=None, file_limit=100):
    command = [PUBFLOW, 'index', 'serve', '--format', 'json', '--file-limit', str(file_limit)] + (['--data', data] if data else [])
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    realm = json.loads(process.stdout.readline())['test']
    return Server('pubflow', realm['upload'], realm['simple'], basic('__token__', realm['token']), process)


def pypiserver():
    folder, port = os.path.join(WORK, 'pypiserver'), free_port()
    os.makedirs(folder)
    command = [f'{BIN}/pypi-server', 'run', '-i', '127.0.0.1', '-p', str(port), '-a', '.', '-P', '.', folder]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f'http://127.0.0.1:{port}'
    wait_for(base + '/')
    return Server('pypiserver', base + '/', base + '/simple/', basic('x', 'x'), process)


def devpi():
    folder, port = os.path.join(WORK, 'devpi'), free_port()
    subprocess.run([f'{BIN}/devpi-init', '--serverdir', folder, '--no-root-pypi', '--root-passwd', 'x'], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    process = subprocess.Popen([f'{BIN}/devpi-server', '--serverdir', folder, '--host', '127.0.0.1', '--port', str(port), '--offline-mode'],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f'http://127.0.0.1:{port}'
    wait_for(base + '/')
    client = ['--clientdir', os.path.join(WORK, 'devpi-client')]
    for words in (['use', base], ['login', 'root', '--password', 'x'], ['index', '-c', 'root/load', 'bases=', 'volatile=False']):
        subprocess.run([f'{BIN}/devpi', words[0], *client, *words[1:]], check=True, stdout=subprocess.DEVNULL)
    return Server('devpi-server', f'{base}/root/load/', f'{base}/root/load/+simple/', basic('root', 'x'), process)


def load(jobs, do):
    """Runs the jobs with all clients at once: seconds for all, sorted seconds for each, errors."""
    waiting, times, errors = iter(jobs), [], []
    lock = threading.Lock()

    def client():
        connection = [None]
        while True:
            with lock:
                job = next(waiting, None)
            if job is None:
                return
            start = time.perf_counter()
            try:
                do(connection, job)
            except Exception as error:
                errors.append(repr(error))
                connection[0] = None
            times.append(time.perf_counter() - start)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    start = time.perf_counter()
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return time.perf_counter() - start, sorted(times), errors


def request(connection, url, method, body, headers):
    parts = urllib.parse.urlsplit(url)
    if connection[0] is None:
        connection[0] = http.client.HTTPConnection(parts.netloc, timeout=120)
    connection[0].request(method, parts.path, body, headers)
    answer = connection[0].getresponse()
    answer.read()
    if answer.status not in (200, 302, 303):
        raise RuntimeError(f'{answer.status} {answer.reason}')


def measure(server, files):
    def upload(connection, job):
        name, version, content = job
        head, tail = form(name, version, content)
        headers = {'Content-Type': f'multipart/form-data; boundary={BOUNDARY}', 'Authorization': server.authorization}
        request(connection, server.upload, 'POST', head + content + tail, headers)

    def read(connection, name):
        request(connection, f'{server.simple}{name}/', 'GET', None, {})

    half = len(files) // 2
    first, times, errors = load(files[:half], upload)
    before = memory(server.process.pid)[0]
    second, more, others = load(files[half:], upload)
    report(server, 'uploads', first + second, sorted(times + more), errors + others, before)
    # Names cut at a hyphen are redirected by some: these are normal.
    names = [f'load{n % N_PROJECTS}' for n in range(READS)]
    before = memory(server.process.pid)[0]
    report(server, 'reads', *load(names, read), before)


def report(server, what, seconds, times, errors, before):
    now, peak = memory(server.process.pid)
    p99 = times[int(len(times) * 0.99)] * 1000
    print(f'{server.name:13} {what:8} {len(times):6} in {seconds:7.1f} s  {len(times) / seconds:8.0f}/s  p50 {times[len(times) // 2] * 1000:7.1f} ms'
          f'  p99 {p99:8.1f} ms  errors {len(errors)}  RSS {before:.0f} -> {now:.0f} MiB (peak {peak:.0f})', flush=True)
    for error in sorted(set(errors))[:3]:
        print('   ', error)


def large(n_bytes):
    """One wheel of that size, streamed from the disk, accepted and downloaded again."""
    server, name = embedded(file_limit=(n_bytes >> 20) + 1), 'large-1.0-py3-none-any.whl'
    path, piece = os.path.join(WORK, name), os.urandom(1 << 20)
    with zipfile.ZipFile(path, 'w') as archive:
        member = zipfile.ZipInfo('large/data.bin')
        member.file_size = n_bytes
        with archive.open(member, 'w') as stream:
            for _ in range(n_bytes >> 20):
                stream.write(piece)
    small = zipfile.ZipFile(io.BytesIO(wheel('large', '1.0', 1)))
    with zipfile.ZipFile(path, 'a') as archive:
        for member in small.namelist()[1:]:
            archive.writestr(member, small.read(member))
    with open(path, 'rb') as file:
        digest = hashlib.file_digest(file, 'sha256').hexdigest()
    head, tail = form('large', '1.0', b'', digest)
    parts = urllib.parse.urlsplit(server.upload)
    connection, start = http.client.HTTPConnection(parts.netloc, timeout=600), time.perf_counter()
    connection.putrequest('POST', parts.path)
    for key, value in {'Content-Type': f'multipart/form-data; boundary={BOUNDARY}', 'Authorization': server.authorization,
                       'Content-Length': str(len(head) + os.path.getsize(path) + len(tail))}.items():
        connection.putheader(key, value)
    connection.endheaders(head)
    with open(path, 'rb') as file:
        while piece := file.read(1 << 20):
            connection.send(piece)
    connection.send(tail)
    answer = connection.getresponse()
    answer.read()
    print(f'{server.name:13} upload of {os.path.getsize(path) >> 20} MiB: {answer.status} {answer.reason[:80]} in {time.perf_counter() - start:.1f} s, '
          f'peak RSS {memory(server.process.pid)[1]:.0f} MiB', flush=True)
    os.remove(path)
    server.stop()


def many(n_projects, n_files):
    """A store of that size, written as the server writes it; pages of small projects as quick as on an empty server?"""
    data = os.path.join(WORK, 'many')
    first = embedded(data)
    first.process.terminate()
    first.process.wait()
    with open(os.path.join(data, 'test/log.jsonl'), 'w') as log:
        for n in range(n_files):
            project, release = n % n_projects, n // n_projects
            digest = hashlib.sha256(str(n).encode()).hexdigest()
            upload = {'kind': 'upload', 'filename': f'many{project}-{release}.0-py3-none-any.whl', 'project': f'many{project}', 'version': f'{release}.0',
                      'file_type': 'bdist_wheel', 'python_version': 'py3', 'size': 1, 'md5': digest[:32], 'sha256': digest, 'blake2b_256': digest,
                      'metadata_sha256': None, 'requires_python': '>=3.8', 'comment': None, 'fields': [['summary', 'one of many']], 'uploader': 'rehearsal', 'provenance': None}
            json.dump({'v': 2, 'n': n + 1, 'at': '2026-01-01T00:00:00.000000Z', 'event': upload}, log)
            log.write('\n')
    start = time.perf_counter()
    server = embedded(data)
    print(f'{server.name:13} {n_projects} projects, {n_files} files: up in {time.perf_counter() - start:.1f} s, RSS {memory(server.process.pid)[0]:.0f} MiB', flush=True)
    parts = urllib.parse.urlsplit(server.simple)
    for label, path in (('page of one project', '/simple/many7/'), ('page of all projects', '/simple/'), ('web list', '/'), ('web search', '/?q=many19'), ('web project', '/project/many7/')):
        connection, times = http.client.HTTPConnection(parts.netloc), []
        for _ in range(200 if 'one' in label else 20):
            start = time.perf_counter()
            connection.request('GET', path, headers={'Accept': 'application/vnd.pypi.simple.v1+json, text/html;q=0.5'})
            size = len(connection.getresponse().read())
            times.append(time.perf_counter() - start)
        print(f'{"":13} {label}: {size} bytes, p50 {sorted(times)[len(times) // 2] * 1000:.1f} ms, worst {max(times) * 1000:.1f} ms', flush=True)
    name, content = 'newcomer', wheel('newcomer', '1.0', 100)
    head, tail = form(name, '1.0', content)
    start = time.perf_counter()
    request([None], server.upload, 'POST', head + content + tail, {'Content-Type': f'multipart/form-data; boundary={BOUNDARY}', 'Authorization': server.authorization})
    print(f'{"":13} one upload: {(time.perf_counter() - start) * 1000:.1f} ms', flush=True)
    server.stop()


def main():
    only = os.environ.get('SERVE_ONLY', 'pubflow,pypiserver,devpi-server,large,many').split(',')
    files = []
    for n in range(UPLOADS):
        name, version = f'load{n % N_PROJECTS}', f'1.{n // N_PROJECTS}'
        files.append((name, version, wheel(name, version, 9_000)))
    print(f'{UPLOADS} uploads of {len(files[0][2])} bytes, {READS} reads of simple pages, {CLIENTS} clients', flush=True)
    for name, start in (('pubflow', embedded), ('pypiserver', pypiserver), ('devpi-server', devpi)):
        if name in only:
            server = start()
            measure(server, files)
            server.stop()
    if 'large' in only:
        large(1 << 30)
    if 'many' in only:
        many(20_000, 200_000)


main()
