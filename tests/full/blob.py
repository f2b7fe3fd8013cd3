# SPDX-License-Identifier: GPL-2.0-or-later
"""Device trees for the tests that make many."""
import struct


class Tree:
    """A flattened device tree, written as it comes."""

    def __init__(self):
        self.structure = bytearray()
        self.strings = bytearray()
        self.offsets = {}
        self.reserve = bytearray()

    def begin(self, name=""):
        data = name.encode(errors="surrogateescape") + b"\0"
        self.structure += struct.pack(">I", 1) + data + b"\0" * (-len(data) % 4)

    def end(self):
        self.structure += struct.pack(">I", 2)

    def prop(self, name, data=b""):
        if isinstance(data, str):
            data = data.encode(errors="surrogateescape") + b"\0"
        elif isinstance(data, (list, tuple)):
            data = struct.pack(">%dI" % len(data), *data)
        if name not in self.offsets:
            self.offsets[name] = len(self.strings)
            self.strings += name.encode(errors="surrogateescape") + b"\0"
        self.structure += struct.pack(">III", 3, len(data), self.offsets[name])
        self.structure += data + b"\0" * (-len(data) % 4)

    def bytes(self):
        self.structure += struct.pack(">I", 9)
        reserve = self.reserve + b"\0" * 16
        structure = 40 + len(reserve)
        strings = structure + len(self.structure)
        total = strings + len(self.strings)
        return (
            struct.pack(">10I", 0xD00DFEED, total, structure, strings, 40, 17, 16, 0, len(self.strings), len(self.structure))
            + reserve + self.structure + self.strings
        )
