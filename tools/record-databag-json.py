"""Records how Python writes odd values as JSON: `python3 tools/record-databag-json.py > test/data/databag-json.json`.

Each line of the result is a pair: a value, and the exact text of `json.dumps(value, sort_keys=True)` for it. The seed is fixed, so
that a new run gives the same file. Numbers are left out: databags hold none.
"""

import json
import random

SEED = 20261123
COUNT = 4000

ODD = [
    "", " ", "/", "\\", '"', "'", "<", ">", "&", "\x00", "\x01", "\b", "\t", "\n", "\x0b", "\f", "\r", "\x1f", "\x7f",
    "\x80", "\x85", "\x9f", "\xa0", "\xad", "é", "e\u0301", "ß", "\u0130", "\u2028", "\u2029", "\u200e", "\u202e", "\ufeff",
    "\ud7ff", "\ud800", "\udbff", "\udc00", "\udfff", "\ue000", "\uf8ff", "\ufffd", "\ufffe", "\uffff",
    "\U00010000", "\U0001f600", "\U0010ffff", "日本", "__proto__", "constructor", "toString", "hasOwnProperty", "10", "9",
    "-1", "01", "1e3", "A", "Z", "a", "z", "web.example", "10.0.0.7", "fd00::7", "-----BEGIN CERTIFICATE-----\nMIIB\n",
]


def text(r):
    return "".join(r.choice(ODD) if r.random() < 0.7 else chr(r.randrange(0x110000)) for _ in range(r.randrange(5)))


def value(r, depth):
    kind = r.random()
    if depth == 0 or kind < 0.4:
        return r.choice([None, True, False, text(r), text(r), text(r), text(r)])
    if kind < 0.65:
        return [value(r, depth - 1) for _ in range(r.randrange(5))]
    return {text(r): value(r, depth - 1) for _ in range(r.randrange(6))}


def main():
    r = random.Random(SEED)
    values = ODD + [{name: {"sans": [name]} for name in ODD}] + [value(r, 3) for _ in range(COUNT)]
    # A high and a low surrogate side by side are one character to JSON and two to Python: no databag can tell them apart.
    values = [json.loads(json.dumps(v)) for v in values]
    lines = [json.dumps([v, json.dumps(v, sort_keys=True)]) for v in values]
    print("[\n" + ",\n".join(lines) + "\n]")


main()
