"""Median, p99 and maximum of the time that `preview --batch` takes for one document of a file."""
import json
import subprocess
import sys
import time

program, path = sys.argv[1:]
child = subprocess.Popen([program, 'preview', '--batch'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
times = []
with open(path, encoding='utf-8') as lines:
    for line in lines:
        start = time.perf_counter()
        child.stdin.write(line.encode())
        child.stdin.flush()
        child.stdout.readline()
        times.append((time.perf_counter() - start, len(json.loads(line)['text'])))
child.stdin.close()
times.sort()
pick = lambda part: times[min(len(times) - 1, int(len(times) * part))][0] * 1000
print(f'{len(times)} documents: median {pick(.5):.2f} ms, p99 {pick(.99):.2f} ms, maximum {pick(1):.2f} ms ({times[-1][1]} characters)')
