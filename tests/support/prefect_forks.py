# SPDX-License-Identifier: Apache-2.0
"""Run by a Python with Prefect: imports it once, then runs each command of its input in a process of its own, forked off. A line is
a JSON list: the file for what the command says, and its words, `prefect …` or `python …`; its exit code is answered in a line."""
import json
import os
import runpy
import sys

from prefect.cli import app


def next_command():
    """In the process of a command its words; in this one nothing, at the end of the input."""
    for line in sys.stdin:
        said, *words = json.loads(line)
        child = os.fork()
        if child == 0:
            for path, ends in (("/dev/null", [0]), (said, [1, 2])):
                file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
                for end in ends:
                    os.dup2(file, end)
            return words
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    return None


def run(words):
    if words[0] == "prefect":
        sys.argv = words
        sys.exit(app())
    sys.path[0] = ""
    if words[1] == "-c":
        sys.argv = ["-c", *words[3:]]
        exec(compile(words[2], "<string>", "exec"), {"__name__": "__main__"})
    else:
        sys.argv = words[1:]
        runpy.run_path(words[1], run_name="__main__")


command = next_command()
if command:
    run(command)
