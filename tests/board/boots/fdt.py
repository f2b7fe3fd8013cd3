# SPDX-License-Identifier: GPL-2.0-or-later
"""Flattened device trees, read and written (Devicetree specification 0.4, chapter 5)."""

import struct

BEGIN_NODE, END_NODE, PROP, NOP, END = 1, 2, 3, 4, 9


class Node:
    """A node: properties are bytes by name, both kinds of children in their order."""

    def __init__(self, name, **props):
        self.name = name
        self.props = {}
        self.children = []
        for key, value in props.items():
            self.set(key, value)

    def set(self, name, value=b""):
        """Sets a property from bytes, a string, a number of one cell, or a list of cells."""
        if isinstance(value, str):
            value = value.encode() + b"\0"
        elif isinstance(value, int):
            value = struct.pack(">I", value)
        elif isinstance(value, list):
            value = struct.pack(f">{len(value)}I", *value)
        self.props[name] = value
        return self

    def add(self, child):
        self.children.append(child)
        return child

    def child(self, name):
        """The child that is called so, with or without a unit address; None: there is none."""
        for child in self.children:
            if name in (child.name, child.name.split("@")[0]):
                return child
        return None

    def copy(self):
        twin = Node(self.name)
        twin.props = dict(self.props)
        twin.children = [child.copy() for child in self.children]
        return twin


def cells(value, count):
    """A number as COUNT cells of 32 bits."""
    return [value >> 32 * i & 0xFFFFFFFF for i in reversed(range(count))]


def parse(blob):
    """The root of a blob."""
    _, _, at, strings = struct.unpack_from(">IIII", blob)
    stack = [Node("")]
    while True:
        (token,) = struct.unpack_from(">I", blob, at)
        at += 4
        if token == BEGIN_NODE:
            end = blob.index(b"\0", at)
            stack.append(stack[-1].add(Node(blob[at:end].decode())))
            at = (end + 4) & ~3
        elif token == END_NODE:
            stack.pop()
        elif token == PROP:
            length, name = struct.unpack_from(">II", blob, at)
            end = blob.index(b"\0", strings + name)
            stack[-1].props[blob[strings + name:end].decode()] = blob[at + 8:at + 8 + length]
            at = (at + 8 + length + 3) & ~3
        elif token == END:
            return stack[0].children[0]


def serialize(root, memreserve=()):
    """The blob of a tree with pairs of base and size in its memory reservation block."""
    strings, offsets, out = bytearray(), {}, []

    def pad(data):
        return data + bytes(-len(data) % 4)

    def walk(node):
        out.append(struct.pack(">I", BEGIN_NODE) + pad(node.name.encode() + b"\0"))
        for name, value in node.props.items():
            if name not in offsets:
                offsets[name] = len(strings)
                strings.extend(name.encode() + b"\0")
            out.append(struct.pack(">III", PROP, len(value), offsets[name]) + pad(value))
        for child in node.children:
            walk(child)
        out.append(struct.pack(">I", END_NODE))

    walk(root)
    structure = b"".join(out) + struct.pack(">I", END)
    reserve = b"".join(struct.pack(">QQ", *pair) for pair in memreserve) + bytes(16)
    start = 40 + len(reserve)
    total = start + len(structure) + len(strings)
    header = struct.pack(">10I", 0xD00DFEED, total, start, start + len(structure), 40, 17, 16, 0,
                         len(strings), len(structure))
    return header + reserve + structure + bytes(strings)


def reservations(blob):
    """The pairs of base and size of a blob's memory reservation block."""
    (at,) = struct.unpack_from(">16xI", blob)
    pairs = []
    while (pair := struct.unpack_from(">QQ", blob, at)) != (0, 0):
        pairs.append(pair)
        at += 16
    return pairs


def _text(value):
    words = value.split(b"\0")[:-1]
    if value.endswith(b"\0") and words and all(
            word and all(32 <= byte < 127 and byte not in b'"\\' for byte in word) for word in words):
        return ", ".join(f'"{word.decode()}"' for word in words)
    if len(value) % 4 == 0:
        return "<" + " ".join(f"{cell:#x}" for cell in struct.unpack(f">{len(value) // 4}I", value)) + ">"
    return "[" + value.hex(" ") + "]"


def source(node, depth=0):
    """Lines of a node's properties and children as dtc reads them."""
    indent = "\t" * depth
    for name, value in node.props.items():
        yield f"{indent}{name}{' = ' + _text(value) if value else ''};"
    for child in node.children:
        yield f"{indent}{child.name} {{"
        yield from source(child, depth + 1)
        yield f"{indent}}};"
