# SPDX-License-Identifier: GPL-2.0-or-later
"""What `dmaheap regions` predicts for a boot, what the kernel says of it, and where these differ."""

import json
import os
import re
import subprocess
import tempfile
import zlib

import fdt
from machine import KIB, MIB

STOPS = "stops the boot"
MAY_STOP = "may stop"


class Ranges:
    """A set of addresses, as sorted pairs of first address and end."""

    def __init__(self, pairs=()):
        self.pairs = []
        for first, end in sorted(pair for pair in pairs if pair[0] < pair[1]):
            if self.pairs and first <= self.pairs[-1][1]:
                self.pairs[-1] = (self.pairs[-1][0], max(end, self.pairs[-1][1]))
            else:
                self.pairs.append((first, end))

    def __bool__(self):
        return bool(self.pairs)

    def __or__(self, other):
        return Ranges(self.pairs + other.pairs)

    def __and__(self, other):
        return Ranges((max(a, c), min(b, d)) for a, b in self.pairs for c, d in other.pairs)

    def __sub__(self, other):
        pairs = self.pairs
        for c, d in other.pairs:
            pairs = [piece for a, b in pairs for piece in ((a, min(b, c)), (max(a, d), b)) if piece[0] < piece[1]]
        return Ranges(pairs)

    def pages(self, page):
        """The whole pages inside."""
        return Ranges(((a + page - 1) & ~(page - 1), b & ~(page - 1)) for a, b in self.pairs)


class Prediction:
    """The document that `dmaheap regions --json` prints."""

    def __init__(self, document):
        self.document = document
        self.rows = [row for row in document["regions"] if row["outcome"]]
        # what is open may go without what is said of it
        sure = [row for row in self.rows if row["outcome"] != "open"]
        self.stops = any(STOPS in text for text in self.texts(sure))
        self.may_stop = any(word in text for text in self.texts(self.rows) for word in (STOPS, MAY_STOP))
        self.open = sum(row["outcome"] == "open" for row in self.rows)

    def texts(self, rows):
        """What is said of rows and, as an error or a warning, of them or of the whole tree."""
        findings = self.document["findings"] + [f for row in rows for f in row["findings"] or []]
        return [row["fate"] for row in rows] + [f["message"] for f in findings if f["severity"] != "note"]


def is_dead(row):
    """Whether the heap of a row is predicted to be there and to give no buffer."""
    return "every allocation fails" in row["fate"] or any(
        "zone" in finding["id"] and finding["severity"] == "error" for finding in row["findings"] or [])


def predict(program, machine, case, blob, told):
    """Runs the program on a blob; TOLD: with what lies in memory at boot."""
    with tempfile.NamedTemporaryFile(suffix=".dtb") as file:
        file.write(blob)
        file.flush()
        words = [program, "regions", "--json", "--all", "--fail-on", "never", "--kconfig", machine.config,
                 "--kernel", machine.release, "--cmdline", f"{machine.words()} {case.cmdline}".strip()]
        if told:
            words += ["--taken", ",".join(f"{base:#x}+{size:#x}" for base, size in taken(machine, case, blob))]
        done = subprocess.run(words + [file.name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              stdin=subprocess.DEVNULL, check=False,
                              env={**os.environ, "LSAN_OPTIONS": "exitcode=99"})
    if done.returncode or done.stderr:
        raise ValueError(f"dmaheap regions: exit status {done.returncode}: {done.stderr.strip()}")
    return Prediction(json.loads(done.stdout))


def taken(machine, case, blob):
    """What the boot loader has put into memory: kernel, initrd, tree."""
    layout = case.layout
    # on 32-bit Arm page tables lie before it
    tables = 16 * KIB if machine.kernel_offset else 0
    size = machine.kernel_size
    if machine.arch_name == "riscv":
        size = (size + 2 * MIB - 1) & ~(2 * MIB - 1)  # setup_bootmem(), arch/riscv/mm/init.c
    return [(layout["kernel"] - tables, size + tables),
            (layout["initrd"], layout["initrd_end"] - layout["initrd"]), (layout["tree"], len(blob))]


LINE = re.compile(r"OF: reserved mem: (0x[0-9a-f]+)\.\.(0x[0-9a-f]+) \(\d+ KiB\) (map|nomap) (?:non-)?reusable (.*)$")
REFUSED = (
    re.compile(r"node (\S+) compatible matching fail"),
    re.compile(r"failed to (?:reserve|allocate) memory for node '(.*?)'(?:: base (0x[0-9a-f]+), size (\d+) MiB)?"),
    re.compile(r"invalid (?:reg|size|alignment|alloc-ranges) property in '(.*?)'"),
)


class Found:
    """What the kernel says."""

    def __init__(self, machine, case, boot):
        log = [re.sub(r"^\[ *\d+\.\d+\] ?", "", line).rstrip() for line in boot.log]
        # with an early console and a console some lines are printed twice
        self.log = log
        self.ranges, self.nomap, self.refused = {}, set(), set()
        # up to 6.12 each entry of reg is reserved, and only the first one is the region
        firsts = {node.name: [(first, (end - first) // MIB) for first, end in node_entries(case.root, node)[:1]]
                  for node in reserved_nodes(case.root)}
        for line in log:
            if match := LINE.search(line):
                self.ranges[match[4]] = (int(match[1], 16), int(match[2], 16) + 1)
                if match[3] == "nomap":
                    self.nomap.add(match[4])
            for pattern in REFUSED:
                if match := pattern.search(line):
                    name, base, size = (*match.groups(), None, None)[:3]
                    entry = base and (int(base, 16), int(size))
                    if not base or entry in firsts.get(name, [entry]):
                        self.refused.add(name)
        version = tuple(int(part) for part in re.match(r"(\d+)\.(\d+)", machine.release).groups())
        self.prints_ranges = bool(self.ranges) or version >= (6, 4)
        # debugfs had other names: cma_debugfs_add_one(), mm/cma_debug.c
        self.gives_no_map_back = version >= (5, 14)
        self.debug_name = (lambda area: f"cma-{area}"[:15]) if version < (6, 0) else lambda area: area
        self.page = 4096
        for line in boot.lines("pages"):
            self.page = int(line)
        self.heaps = {}
        for line in boot.lines("heaps"):
            name, error, *moved = line.split(" ")
            self.heaps[name] = (int(error), moved)
        self.areas = None
        if "areas" in boot.parts:
            self.areas = sorted(line.split(" ")[0] for line in boot.lines("areas"))
        self.debug = None
        if "debug" in boot.parts:
            self.debug = {}
            for line in boot.lines("debug"):
                name, base, count = line.split(" ")
                self.debug[name] = (int(base) * self.page, int(count) * self.page)
        self.memory, self.hidden = self._blocks(boot, "memory", "NOMAP")
        self.reserved, self.kernels = self._blocks(boot, "reserved", "RSV_KERN")
        self.tells_kernels = bool(self.kernels)
        nomap = Ranges(
            (int(match[1], 16), int(match[2], 16) + 1) for match in
            (re.match(r"^([0-9a-f]+)-([0-9a-f]+) : reserved$", line) for line in boot.lines("iomem")) if match)
        # before 6.4 memblock prints no flags
        self.hidden |= nomap

    @staticmethod
    def _blocks(boot, part, flag):
        plain, flagged = [], []
        for line in boot.lines(part):
            if match := re.match(r"^\s*\d+: (0x[0-9a-f]+)\.\.(0x[0-9a-f]+)(.*)$", line):
                (flagged if flag in match[3] else plain).append((int(match[1], 16), int(match[2], 16) + 1))
        return Ranges(plain), Ranges(flagged)

    def grep(self, words):
        """The first line of the log with these words."""
        pattern = re.compile(rf"(?<![\w@-]){re.escape(words)}(?![\w@-])")
        return next((line for line in self.log if pattern.search(line)), "nothing in the log")


class Judge:
    """Compares a prediction with a boot; wrong: pairs of what kind of difference it is, and a sentence."""

    def __init__(self, machine, case, blob, prediction, boot):
        self.machine, self.case, self.blob = machine, case, blob
        self.prediction, self.boot = prediction, boot
        self.wrong = []

    def say(self, item, where, predicted, found):
        self.wrong.append(((item, predicted), f"{item}, {where}: predicted {predicted}, found {found}"))

    def judge(self):
        prediction, boot = self.prediction, self.boot
        if boot.end != "off" or not boot.complete:
            if not prediction.stops and not prediction.may_stop:
                last = [line for line in boot.console.split("\n") if line.strip()][-1:] or ["nothing was printed"]
                panic = [line for line in boot.log if "Kernel panic" in line or "Unable to handle" in line]
                self.say("stop", "the boot", "a boot", f"{boot.end}: {(panic or last)[0].strip()}")
            return self.wrong
        if prediction.stops:
            self.say("stop", "the boot", "that it stops", "a boot")
            return self.wrong
        size, crc = boot.lines("tree")[0].split() if boot.lines("tree") else (len(self.blob), None)
        if crc and (int(size) != len(self.blob) or int(crc, 16) != zlib.crc32(self.blob)):
            if prediction.may_stop:
                return self.wrong  # somebody else got its memory
            raise ValueError("another tree was booted than the one that was predicted for")
        try:
            self.found = Found(self.machine, self.case, boot)
        except ValueError:
            # memory that is given to two may be the program's that prints: seen were zeroes in its text
            if not prediction.may_stop:
                raise
            return self.wrong
        self.heaps()
        self.areas()
        self.regions()
        return self.wrong

    def heaps(self):
        """Names, which memory is behind each, whether it gives a buffer."""
        rows, found = self.prediction.rows, self.found
        if self.machine.option("DMABUF_HEAPS") != "y":
            return
        sure = {name: row for row in rows if row["outcome"] != "open" for name in row["heaps"] or []}
        maybe = {name for row in rows if row["outcome"] == "open" for name in row["heaps"] or []}
        if any(row["outcome"] == "open" for row in rows):
            # which area is the default one may be open as well
            maybe |= {"default_cma_region", "reserved"} | {
                row["node"][:63] for row in rows if row["outcome"] == "open"}
        names = set(sure)
        if self.machine.option("DMABUF_HEAPS_SYSTEM") == "y":
            names.add("system")
        there = set(found.heaps)
        for name in sorted(names - there - (maybe - set(sure))):
            self.say("heaps", name, "a heap", "none")
        for name in sorted(there - names - maybe):
            self.say("heaps", name, "no heap", "one")
        areas = [found.debug_name(row["area"]) for row in rows if row["area"]]
        duplicate = len(set(areas)) != len(areas)
        for name in sorted(names & there):
            error, moved = found.heaps[name]
            row = sure.get(name)
            dead = bool(row) and is_dead(row)
            may_fail = bool(row) and "allocations may fail" in row["fate"]
            if dead != bool(error) and not may_fail:
                self.say("usable", name, "dead" if dead else "usable", os.strerror(error) if error else "a buffer")
            if error or duplicate:
                continue
            area = [found.debug_name(row["area"])] if row and row["area"] else []
            if moved != area:
                self.say("memory", name, " ".join(area) or "no area", " ".join(moved) or "no area")

    def areas(self):
        rows, found = self.prediction.rows, self.found
        predicted = sorted(row["area"] for row in rows if row["area"] and row["outcome"] != "open")
        maybe = {row["node"][:63] for row in rows if row["outcome"] == "open"}
        if any(row["outcome"] == "open" for row in rows):
            maybe.add("reserved")
        # 7.2 does not list one that is not activated
        dead = {row["area"] for row in rows if row["area"] and is_dead(row)}
        twice = len(set(predicted)) != len(predicted)
        if found.areas is not None and not (twice and not found.areas):
            for name in sorted(set(predicted) - set(found.areas) - dead):
                self.say("areas", name, "a CMA area", "none")
            for name in sorted(set(found.areas) - set(predicted) - maybe):
                self.say("areas", name, "no CMA area", "one")
        if found.debug is None or len({found.debug_name(name) for name in predicted}) != len(predicted):
            return
        for row in rows:
            if not row["area"] or row["outcome"] == "open" or row["area"] in maybe:
                continue
            name = found.debug_name(row["area"])
            # one that is not activated is not listed by 7.2, and has no pages in 6.12
            base, size = found.debug.get(name, (0, 0))
            if bool(size) == is_dead(row):
                self.say("usable", row["area"], "an area that is dead" if size else "an area in use",
                         "one in use" if size else found.grep("could not be activated"))
            if not size:
                continue
            if row["base"] is not None and int(row["base"], 16) != base:
                self.say("base", row["area"], row["base"], f"{base:#x}")
            if row["size"] is not None and row["size"] != size:
                self.say("size", row["area"], row["size"], size)

    def others(self, row):
        """What may be reserved for another reason than the region of ROW."""
        page = self.found.page
        pairs = [(base & ~(page - 1), (base + size + page - 1) & ~(page - 1))
                 for base, size in taken(self.machine, self.case, self.blob) + self.case.memreserve]
        pairs += [pair for name, pair in self.found.ranges.items() if name != row["node"]]
        # not all kernels have the area of cma= or Kconfig in debugfs
        pairs += [(int(match[2], 16), int(match[2], 16) + int(match[1]) * MIB) for match in
                  (re.search(r"cma: Reserved (\d+) MiB at (0x[0-9a-f]+)", line) for line in self.found.log) if match]
        pairs += [(base, base + size) for name, (base, size) in (self.found.debug or {}).items()
                  if name != self.found.debug_name(row["node"][:63])]
        for node in reserved_nodes(self.case.root):
            entries = node_entries(self.case.root, node)
            pairs += entries if node.name != row["node"] else entries[1:]
        return Ranges((base, end) for base, end in pairs)

    def regions(self):
        """Reserved or given back."""
        found = self.found
        if "memory" not in self.boot.parts and "iomem" not in self.boot.parts:
            return
        for row in self.prediction.rows:
            if row["placement"] is None or row["kind"].startswith("area of") or row["outcome"] == "open":
                continue
            if row["size"] == 0:
                continue  # a dynamic one is told of, but there is nothing to keep
            node, predicted = row["node"], row["outcome"] != "dropped"
            said = node in found.ranges and node not in found.refused
            if row["placement"] == "dynamic" and not found.prints_ranges:
                said = any(f"initialized node {node}," in line for line in found.log) or None
            if not found.prints_ranges and row["placement"] == "static":
                said = False if node in found.refused else None
            if not found.gives_no_map_back and row["placement"] == "static" and self.is_no_map(node):
                said = None  # what is refused stays as it is: the memory tells
            held = self.is_held(row)
            if held and not found.tells_kernels and (said is False or said is None and self.is_amid_kernels(row)):
                held = None  # what is given back, or was never reserved, the kernel may have taken for itself
            if said is None:
                said = held
            if said is not None and said != predicted:
                self.say("reserved", node, row["outcome"],
                         f"{'kept' if said else 'not kept'}: {found.grep(node)}")
            elif held is not None and said is not None and held != said:
                self.say("oracle", node, f"by the log {'kept' if said else 'not kept'}",
                         f"{'kept' if held else 'not kept'} in memory")

    def is_no_map(self, name):
        """Whether the node of a region is no-map."""
        return any(node.name == name and "no-map" in node.props for node in reserved_nodes(self.case.root))

    def is_held(self, row):
        """Whether memory of a static region that is nobody else's is reserved; None: it has none."""
        found = self.found
        if row["placement"] == "dynamic":
            if row["node"] not in found.ranges:
                return None
            first, end = found.ranges[row["node"]]
        elif row["base"] is None or not row["size"]:
            return None
        else:
            first = int(row["base"], 16)
            end = first + row["size"]
        ram = found.memory | found.hidden
        if not ram:
            return None
        own = ((Ranges([(first, end)]) & ram) - self.others(row)).pages(found.page)
        if not own:
            return None
        held = found.reserved | found.hidden
        if row["placement"] == "dynamic":
            held |= found.kernels
        return not own - held

    def is_amid_kernels(self, row):
        """Whether a static region lies beside memory that the kernel has taken."""
        page = self.found.page
        if row["base"] is None:
            return True
        first, end = int(row["base"], 16), int(row["base"], 16) + row["size"]
        beside = Ranges([(first - page, first), (end, end + page)]) - self.others(row)
        return bool(beside & self.found.reserved)


def reserved_nodes(root):
    node = root.child("reserved-memory")
    return node.children if node else []


def node_entries(root, node):
    """The pairs of first address and end in a node's reg, with the root's cells."""
    def count(name):
        return int.from_bytes(root.props[name], "big") if name in root.props else 2
    address, size = count("#address-cells") * 4, count("#size-cells") * 4
    reg, pairs = node.props.get("reg", b""), []
    for at in range(0, len(reg) - address - size + 1, address + size):
        base = int.from_bytes(reg[at:at + address], "big")
        pairs.append((base, base + int.from_bytes(reg[at + address:at + address + size], "big")))
    return pairs
