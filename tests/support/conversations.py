# SPDX-License-Identifier: Apache-2.0
"""Conversations with an orchestration server: requests one after the other with what must come back
(tests/orchestrator/api/, whose form tests/orchestrator/README.md tells). They know no server: what asks is handed in."""
import datetime
import json
import re
import time
import uuid

from support import tidemill

HEAD = re.compile(r"## (?P<title>.+?)(?P<old> \[2\.11\])?")
STEP = re.compile(r"(?P<new>3\.x )?(?P<method>[A-Z]+) (?P<path>\S+)(?: (?P<body>.+?))? (?P<arrow>=>|~>|\+>) (?P<status>\d+(?:\|\d+)*)(?: (?P<answer>.+))?")
REPEATED = re.compile(r"<(\w)\*(\d+)>")
MOMENT = re.compile(r"<([+-]\d+)>")
DAY = re.compile(r"<day([+-]\d+)>")
ID = re.compile(r"<id(\d*)>")
NAME = re.compile(r"\$[a-z][a-z0-9_]*")
ABSENT = "<absent>"


class Wrong(Exception):
    """What came back is not what must."""


def read(path):
    """[(title, [(line, step)])] of a file."""
    return [(head["title"], steps) for head, steps in parsed(path)]


def read_of_2_11(path):
    """Those that clients of 2.11 hold too, without what they do not ask."""
    return [(head["title"], [(number, step) for number, step in steps if not step["new"]])
            for head, steps in parsed(path) if head["old"]]


def parsed(path):
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        head = HEAD.fullmatch(line)
        if head:
            found.append((head, []))
        elif line and not line.startswith("#"):
            step = STEP.fullmatch(line)
            assert step and found, f"{path.name}:{number}: {line}"
            found[-1][1].append((number, step))
    return found


class Conversation:
    def __init__(self, ask):
        self.ask = ask  # (method, path, body or None) → (status, JSON or None)
        self.names = {}
        self.begin = datetime.datetime.now(datetime.timezone.utc)
        self.space = uuid.uuid4()
        self.again = None  # the step that is asked again with each try of the next

    def filled(self, text):
        """Its names, moments (`<+60>`: a minute after the conversation's begin), days (`<day-1>`: the one before, as 2026-01-31) and
        own ids (`<id1>`; `<id>`: a new one) put in, and letters repeated (`<v*3>`)."""
        text = REPEATED.sub(lambda found: found[1] * int(found[2]), text)
        text = MOMENT.sub(lambda found: (self.begin + datetime.timedelta(seconds=int(found[1]))).isoformat().replace("+00:00", "Z"), text)
        text = DAY.sub(lambda found: str(self.begin.date() + datetime.timedelta(days=int(found[1]))), text)
        text = ID.sub(lambda found: str(uuid.uuid5(self.space, found[1]) if found[1] else uuid.uuid4()), text)
        return NAME.sub(lambda found: self.names.get(found[0], found[0]), text)

    def step(self, step):
        """Asks, and holds against what must come back; behind `~>` until it does, for a minute: a stock server keeps much a moment later."""
        if step["arrow"] == "+>":
            self.again = step
        elif step["arrow"] == "=>" or not tidemill.eventually(lambda: self.goes(step), 60):
            self.once(step)
        if step["arrow"] == "~>":
            self.again = None

    def goes(self, step):
        if self.again:
            self.once(self.again)
            time.sleep(0.5)  # more of them would keep a stock server busy
        try:
            self.once(step)
        except Wrong:
            return False
        return True

    def once(self, step):
        body = json.loads(self.filled(step["body"])) if step["body"] else None
        path = self.filled(step["path"])
        if path.startswith("http"):  # of an answer: the next page
            path = path.split("/api", 1)[1]
        status, got = self.ask(step["method"], path, body)
        if str(status) not in step["status"].split("|"):
            raise Wrong(f"{status} {json.dumps(got)}")
        if step["answer"]:
            self.match(json.loads(step["answer"]), got)

    def match(self, must, got, where=""):
        if isinstance(must, dict) and len(must) == 1 and next(iter(must)).startswith("$"):
            self.match_by_rule(*next(iter(must.items())), got, where)
        elif isinstance(must, dict) and isinstance(got, dict):
            for key, value in must.items():
                self.match(value, got.get(key, ABSENT), f"{where}.{key}")
        elif isinstance(must, list) and isinstance(got, list) and len(must) == len(got):
            for number, (one, other) in enumerate(zip(must, got)):
                self.match(one, other, f"{where}[{number}]")
        elif isinstance(must, str) and NAME.fullmatch(must) and must not in self.names and got != ABSENT:
            self.names[must] = got if isinstance(got, str) else json.dumps(got)
        else:
            known = self.filled(must) if isinstance(must, str) else must
            if known != got or isinstance(known, bool) != isinstance(got, bool):
                raise Wrong(f"{where}: {json.dumps(got)}, must be {json.dumps(known)}")

    def match_by_rule(self, rule, value, got, where):
        if rule == "$each":  # of a list, in any order: {"$each": {"name": ["a", "b"]}}
            for member, values in value.items():
                values = [self.filled(one) if isinstance(one, str) else one for one in values]
                if sorted(map(json.dumps, values)) != sorted(json.dumps(one.get(member, ABSENT)) for one in got):
                    raise Wrong(f"{where}[].{member}: {[one.get(member) for one in got]}, must be {values} in any order")
        elif rule == "$count":
            if len(got) != value:
                raise Wrong(f"{where}: {len(got)} elements, must be {value}: {json.dumps(got)}")
        elif rule == "$set":
            self.match(sorted(value), sorted(got), where)
        elif rule == "$holds":
            if not isinstance(got, str) or self.filled(value) not in got:
                raise Wrong(f"{where}: {json.dumps(got)}, must hold {value}")
        elif rule == "$between":
            if not isinstance(got, (int, float)) or not value[0] <= got <= value[1]:
                raise Wrong(f"{where}: {json.dumps(got)}, must be a number from {value[0]} to {value[1]}")
        elif rule == "$not":
            if got == (self.filled(value) if isinstance(value, str) else value):
                raise Wrong(f"{where}: {json.dumps(got)}, must be anything else")
        else:
            raise AssertionError(rule)
