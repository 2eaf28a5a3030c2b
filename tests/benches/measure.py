"""Times commands in turns and prints CPU, wall and memory of each, and their ratios to the first.

    measure.py [--runs N] [--ok STATUS,…] LABEL COMMAND LABEL COMMAND …

COMMAND is a line for `sh`. The commands take turns, so that what else the machine does meets all of them.
Peak memory below about 15 MiB cannot be told from this script's own. Figures are minimum and median over the runs; CPU is user and system time of the command and its children.
"""
import argparse
import os
import statistics
import subprocess
import sys
import time


def run(command, accepted):
    """CPU seconds, wall seconds and peak memory in MiB of one run."""
    start = time.perf_counter()
    child = subprocess.Popen(['sh', '-c', 'exec ' + command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    # The pipe is drained before the wait, so that a talkative child is not held up.
    words = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    if code not in accepted:
        sys.exit(f'exit status {code}: {command}\n{words.decode(errors="replace")[-2000:]}')
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--runs', type=int, default=7)
    parser.add_argument('--ok', default='0', help='exit statuses that are no failure')
    parser.add_argument('commands', nargs='+', metavar='LABEL COMMAND')
    args = parser.parse_args()
    if len(args.commands) % 2:
        parser.error('each label needs a command')
    rows = list(zip(args.commands[::2], args.commands[1::2]))
    accepted = {int(status) for status in args.ok.split(',')}
    samples = {label: [] for label, _ in rows}
    for turn in range(args.runs + 1):
        for label, command in rows:
            sample = run(command, accepted)
            # The first turn fills caches of the system and of the interpreters.
            if turn:
                samples[label].append(sample)
    print(f'{"":28} {"CPU min":>9} {"median":>9} {"ratio":>7} {"wall min":>9} {"median":>9} {"ratio":>7} {"MiB":>7}')
    first = None
    for label, _ in rows:
        cpu, wall, memory = zip(*samples[label])
        first = first or (statistics.median(cpu), statistics.median(wall))
        print(f'{label:28} {min(cpu):9.4f} {statistics.median(cpu):9.4f} {statistics.median(cpu) / max(first[0], 1e-4):7.2f}'
              f' {min(wall):9.4f} {statistics.median(wall):9.4f} {statistics.median(wall) / max(first[1], 1e-4):7.2f} {max(memory):7.1f}')


if __name__ == '__main__':
    main()
