# SPDX-License-Identifier: GPL-2.0-or-later
"""
Device trees and command lines that people could have written, and some that they should not have: banks
of RAM, reserved regions, dma-ranges, cma=, mem=, and where kernel, tree and initrd lie. A seed and an
index give the same one each time.
"""

import random

import fdt
from machine import GIB, KIB, MIB

NAMES = ("video", "camera", "codec", "display", "isp", "npu", "gpu", "audio", "modem", "frames", "dsp",
         "firmware", "trace", "logo", "cma", "pool", "rproc", "secure", "vpu", "ramoops")


class Case:
    """One boot: the tree without /chosen, what the boot loader adds, and the prediction's command line."""

    def __init__(self, root, cmdline, layout, memreserve=()):
        self.root = root
        self.cmdline = cmdline
        self.layout = layout  # addresses: kernel, tree, initrd, initrd_end
        self.memreserve = list(memreserve)

    def copy(self):
        return Case(self.root.copy(), self.cmdline, dict(self.layout), self.memreserve)

    def blob(self, machine):
        """The blob that is booted, and predicted for."""
        root = self.root.copy()
        chosen = root.child("chosen")
        chosen.set("bootargs", f"{machine.words()} {self.cmdline}".strip())
        chosen.set("linux,initrd-start", fdt.cells(self.layout["initrd"], 2))
        chosen.set("linux,initrd-end", fdt.cells(self.layout["initrd_end"], 2))
        return fdt.serialize(root, self.memreserve)


def told(index):
    """Whether the prediction is told where kernel, tree and initrd lie: for all but every fourth case."""
    return index % 4 != 0


class Generator:
    def __init__(self, machine, seed, index, attempt):
        self.rng = random.Random(f"{seed}:{index}:{attempt}")
        self.machine = machine
        self.arch = machine.arch
        self.ram = self.arch.ram
        page = 65536 if machine.option("ARM64_64K_PAGES") else 16384 if machine.option("ARM64_16K_PAGES") else 4096
        self.page = page
        # what CMA asks for, near enough: sizes and addresses are chosen around it
        self.block = page * page // 8
        if page == 4096 and not (machine.option("HUGETLB_PAGE") or machine.option("TRANSPARENT_HUGEPAGE")):
            self.block = 4 * MIB
        # mostly boot loaders keep out of regions that are fixed, and always where the prediction is not told
        self.is_told = told(index)
        self.anywhere = self.is_told and self.chance(12)
        self.high = self.arch.end > 4 * GIB
        self.names = set()
        self.placed = []  # base and size of what has a place
        # whether the tree says what firmware keeps for itself, as OpenSBI adds it, or the RAM begins behind that
        self.firmware = self.arch.firmware if self.arch.firmware and self.chance(60) else None

    def chance(self, percent):
        return self.rng.random() * 100 < percent

    def pick(self, **weights):
        return self.rng.choices(list(weights), list(weights.values()))[0]

    def case(self):
        self.cells()
        self.banks_make()
        layout = self.layout_make()
        self.taken = list(self.placed)
        self.loaded_end = max(layout["kernel"] + self.machine.kernel_size, layout["initrd_end"])
        root = self.machine.base.copy()
        root.set("#address-cells", self.address_cells).set("#size-cells", self.size_cells)
        self.limit = self.dma_limit(root)
        self.memory_nodes(root)
        reserved = self.reserved_memory()
        if reserved:
            root.add(reserved)
        memreserve = []
        if self.chance(8):
            for _ in range(self.rng.randint(1, 2)):
                memreserve.append(self.range_static())
        return Case(root, self.cmdline(), layout, memreserve)

    # What the numbers are written with.

    def cells(self):
        self.address_cells, self.size_cells = self.rng.choices([(2, 2), (1, 1), (2, 1)], [70, 15, 15])[0]

    def number(self, value, count):
        return fdt.cells(value & ((1 << 32 * count) - 1), count)

    def range(self, base, size):
        return self.number(base, self.address_cells) + self.number(size, self.size_cells)

    # RAM

    def banks_make(self):
        rng, ram, end = self.rng, self.ram, self.arch.end
        # pages of 64 KiB need banks in which an area of CMA fits
        scale = 4 if self.block > 32 * MIB else 1
        kind = self.pick(plain=40, odd=15, hole=15, high=15 if self.high else 0, many=10, strange=5)
        if self.address_cells == 1 and kind == "high":
            kind = "hole"
        size = rng.choice([256, 512, 512, 768, 1024]) * MIB * scale
        if kind == "plain":
            banks = [(ram, size)]
        elif kind == "odd":
            banks = [(ram, size + rng.choice([-1, 1, 3, 17, 100]) * MIB + rng.choice([0, 0, self.page]))]
        elif kind == "hole":
            second = ram + size + rng.choice([16, 64, 128, 256, 255]) * MIB
            banks = [(ram, size), (second, rng.choice([64, 128, 256]) * MIB * scale)]
        elif kind == "high":
            base = rng.choice([4 * GIB, 4 * GIB, 4 * GIB + 512 * MIB, 4 * GIB - 128 * MIB, 4 * GIB - 64 * MIB])
            banks = [(ram, size), (base, rng.choice([256, 512, 1024]) * MIB)]
        elif kind == "many":
            banks, at = [], ram
            for _ in range(rng.randint(3, 6)):
                size = rng.choice([64, 96, 128, 130, 256]) * MIB * scale
                banks.append((at, size))
                at += size + rng.choice([0, 0, 2, 32, 128]) * MIB
        else:
            banks = [(ram, size)]
            banks.append(rng.choice([(ram + size // 2, size), (ram + size, 0), (ram + size, 64 * MIB),
                                     (ram + size + 4 * KIB, 64 * MIB), (ram + 64 * MIB, 32 * MIB)]))
        limit = min(end, 4 * GIB) if self.address_cells == 1 else end
        self.banks = [(base, min(size, limit - base)) for base, size in banks if base < limit]
        if self.size_cells == 1:
            self.banks = [(base, min(size, 4 * GIB - 64 * KIB)) for base, size in self.banks]
        self.real = [bank for bank in self.banks if bank[1] >= 32 * MIB]
        if self.firmware:
            base, size = self.banks[0]
            self.banks[0] = (self.firmware[0], base + size - self.firmware[0])
            self.placed.append(self.firmware)

    def memory_nodes(self, root):
        ranges = self.banks if not self.chance(20) else self.rng.sample(self.banks, len(self.banks))
        split = self.chance(40)
        where = 1
        while ranges:
            now, ranges = (ranges[:1], ranges[1:]) if split else (ranges, [])
            node = fdt.Node(f"memory@{now[0][0]:x}").set("device_type", "memory")
            node.set("reg", [cell for bank in now for cell in self.range(*bank)])
            if not any(child.name == node.name for child in root.children):
                root.children.insert(where, node)
                where += 1

    def dma_limit(self, root):
        """The last address that devices reach by dma-ranges, plus one; 0: no such property."""
        if not self.chance(15):
            return 0
        soc = root.child("soc")
        parent = self.ram
        size = self.rng.choice([128, 256, 256, 512, 1024, 240, 3072]) * MIB
        if self.address_cells == 1:
            size = min(size, 4 * GIB - parent - 64 * KIB)
        child = self.rng.choice([parent, 0, 0xC0000000])
        soc.set("dma-ranges", fdt.cells(child, 2) + self.number(parent, self.address_cells) + fdt.cells(size, 2))
        return parent + size

    # What the boot loader places

    def free(self, base, size):
        return not any(self.meets(other, base, size) for other in self.placed)

    @staticmethod
    def meets(other, base, size):
        return base < other[0] + other[1] and base + size > other[0]

    def place(self, size, align, banks=None, offset=0):
        for _ in range(200):
            base, length = self.rng.choice(banks or self.real)
            if length < size:
                continue
            at = base + self.rng.randrange(0, length - size + 1)
            at = (at & ~(align - 1)) + offset
            if at >= base and at + size <= base + length and self.free(at, size) and not self.meets(
                    self.arch.keep, at, size):
                self.placed.append((at, size))
                return at
        raise ValueError("no place")

    def layout_make(self):
        rng, machine = self.rng, self.machine
        used = len(machine.initrd)
        initrd = used if self.chance(60) else max(used, rng.choice([1, 4, 8, 16, 48]) * MIB)
        base, length = self.real[0]
        tree_size = 64 * KIB
        kernel_size = machine.kernel_size
        if machine.arch_name == "riscv" and not self.is_told:
            kernel_size = (kernel_size + 2 * MIB - 1) & ~(2 * MIB - 1)  # an initrd in that is not used
        banks, fixed = None, None
        if machine.kernel_offset:
            # Documentation/arch/arm/booting.rst: the kernel takes its place for where the RAM begins, tree and
            # initrd have to be in lowmem
            fixed = base + machine.kernel_offset
            self.placed.append((fixed - 16 * KIB, kernel_size + 16 * KIB))
            banks = [(base, min(length, 512 * MIB))]
        if self.chance(60) and length >= 160 * MIB:
            # as QEMU and many boot loaders do it
            kernel = fixed or base + 2 * MIB
            start = base + 128 * MIB
            tree = (start + initrd + 2 * MIB - 1) & ~(2 * MIB - 1)
            if not tree + tree_size > base + length:
                self.placed += [(kernel, kernel_size), (start, initrd), (tree, tree_size)]
                return {"kernel": kernel, "initrd": start, "initrd_end": start + initrd, "tree": tree}
        kernel = fixed or self.place(kernel_size, 2 * MIB)
        start = self.place(initrd, 4 * KIB, banks)
        # beside one that begins inside a page, that is not told, a region may do so as well
        tree = self.place(tree_size, rng.choice([8 if self.is_told else 4 * KIB, 4 * KIB, 2 * MIB]), banks)
        return {"kernel": kernel, "initrd": start, "initrd_end": start + initrd, "tree": tree}

    # Regions

    def name_make(self, base):
        kind = self.pick(plain=92, fixed=4, long=2, many=2)
        if kind == "fixed":
            name = self.rng.choice(["linux,cma", "reserved", "system", "default_cma_region", "default-pool"])
        elif kind == "long":
            name = self.rng.choice(NAMES) + "-buffer" * 9
        else:
            name = self.rng.choice(NAMES)
        if base is not None and not self.chance(10):
            name += f"@{base:x}"
        while name in self.names:
            name = name.replace("@", "-x@") if "@" in name else name + "-x"
        self.names.add(name)
        return name

    def size(self):
        rng, block = self.rng, self.block
        kind = self.pick(blocks=68, half=6, page=6, odd=4, zero=2, huge=6, small=8)
        if kind == "blocks":
            return block * rng.choice([1, 1, 2, 2, 3, 4, 4, 8, 8, 16, 16, 32])
        if kind == "half":
            return block * rng.choice([1, 3, 5]) // 2
        if kind == "page":
            return self.page * rng.choice([1, 1, 2, 3, 511])
        if kind == "odd":
            return rng.choice([1, 100, 0x1234, 0x200001, 3 * MIB + 512])
        if kind == "zero":
            return 0
        if kind == "huge":
            return rng.choice(self.real)[1] // rng.choice([1, 1, 2]) - rng.choice([0, 0, 16 * MIB])
        return 64 * KIB * rng.randint(1, 32)

    def borders(self):
        """Addresses at which something begins or ends."""
        found = [base for base, _ in self.banks] + [base + size for base, size in self.banks]
        found += [base for base, _ in self.placed] + [base + size for base, size in self.placed]
        if self.limit:
            found += [self.limit] * 3
        if self.high:
            found.append(4 * GIB)
        if self.machine.arch_name == "arm":
            found += [self.ram + 760 * MIB, 0xB0000000 - 0x40000000 + self.ram]
        return found

    def base(self, size):
        rng, block = self.rng, self.block
        where = self.pick(inside=60, border=30, outside=5, after=5)
        if where == "inside":
            bank, length = rng.choice(self.real)
            at = bank + rng.randrange(0, max(1, length - size))
        elif where == "border":
            at = rng.choice(self.borders()) - rng.choice([0, 0, size, size // 2, block])
        elif where == "outside":
            at = rng.choice([0x1000000, self.arch.end + 16 * MIB, max(b + s for b, s in self.banks) + 2 * MIB])
        else:
            at = max(self.placed or [(self.ram, 0)])[0] + block
        at &= ~(self.rng.choices([block, block * 2, 64 * KIB, self.page, 1], [60, 12, 12, 12, 2])[0] - 1)
        at = max(at, 0)
        return min(at, 4 * GIB - 64 * KIB) if self.address_cells == 1 else at

    def is_allowed(self, base, size):
        return self.anywhere or all(base >= other + length or base + size <= other for other, length in self.taken)

    def range_static(self):
        """A place that a tree may fix, with or without sense."""
        for _ in range(100):
            size = self.size()
            if self.size_cells == 1:
                size = min(size, 4 * GIB - 1)
            base = self.base(size)
            # beside or over another one now and then
            if self.placed and self.chance(12):
                other, length = self.rng.choice(self.placed)
                base = self.rng.choice([other + length, max(other - size, 0), other, other + length // 2])
                if self.address_cells == 1:
                    base = min(base, 4 * GIB - 64 * KIB)
            if self.is_allowed(base, size):
                return base, size
        raise ValueError("no place")

    def alloc_ranges(self, size):
        ranges = []
        for _ in range(self.rng.choice([1, 1, 1, 2, 3])):
            room = max(size, self.page) * self.rng.choice([1, 1, 2, 4, 16]) + self.rng.choice([0, 0, 0, self.block, -self.page])
            base = self.base(room)
            if self.address_cells == 1:
                room = min(room, 4 * GIB - 1 - base)
            ranges += self.range(base, max(room, 0))
        if self.chance(2):
            ranges = ranges[:-1]
        return ranges

    def region(self):
        rng = self.rng
        kind = self.pick(pool=46, default=12, coherent=9, shared=4, plain=13, restricted=6, both=3, named=3,
                         reusable=2, carved=0.4)
        placement = self.pick(static=56, dynamic=40, both=2, neither=2)
        size, base = self.size(), None
        if self.size_cells == 1:
            size = min(size, 4 * GIB - 1)
        if placement in ("static", "both"):
            base, size = self.range_static()
        node = fdt.Node(self.name_make(base))
        compatible = {"pool": "shared-dma-pool", "default": "shared-dma-pool", "coherent": "shared-dma-pool",
                      "shared": "shared-dma-pool", "both": "shared-dma-pool",
                      "restricted": "restricted-dma-pool", "carved": "carved-out",
                      "named": "acme,pool"}.get(kind)
        if compatible:
            node.set("compatible", compatible if not self.chance(4) else
                     f"acme,memory\0{compatible}" if self.chance(50) else f"{compatible}\0acme,memory")
        if kind in ("pool", "default", "both", "reusable"):
            node.set("reusable")
        if kind in ("coherent", "both") or kind in ("plain", "named") and self.chance(45):
            node.set("no-map")
        if kind == "default" or self.chance(2):
            node.set("linux,cma-default")
        if kind in ("shared", "restricted") and self.chance(5):
            node.set(rng.choice(["reusable", "no-map", "linux,dma-default"]))
        if placement in ("static", "both"):
            cells = self.range(base, size)
            if self.chance(4):
                for _ in range(rng.randint(1, 2)):
                    cells += self.range(*self.range_static())
            if self.chance(1):
                cells = cells[:-1]
            node.set("reg", cells)
            self.placed.append((base, max(size, 1)))
        if placement in ("dynamic", "both"):
            cells = self.number(size, self.size_cells)
            node.set("size", cells if not self.chance(1) else cells + [0])
            if self.chance(45):
                align = self.rng.choices([self.page, 64 * KIB, MIB, 2 * MIB, 4 * MIB, 16 * MIB, 64 * MIB, 256 * MIB, 0,
                                          3 * MIB, 8], [10, 10, 10, 20, 20, 10, 8, 4, 3, 2, 3])[0]
                cells = self.number(align, self.address_cells)
                node.set("alignment", cells if not self.chance(2) else cells + [0])
            if self.chance(50):
                node.set("alloc-ranges", self.alloc_ranges(size))
        if self.chance(7):
            node.set("status", rng.choice(["disabled", "disabled", "okay", "ok", "reserved", "fail", "Okay"]))
        return node

    def reserved_memory(self):
        # without a well-formed node nothing would keep the kernel from firmware's memory
        formed = self.firmware is not None
        if not formed and self.chance(2):
            return None
        node = fdt.Node("reserved-memory")
        address_cells, size_cells = self.address_cells, self.size_cells
        if not formed and self.chance(2):
            address_cells, size_cells = self.rng.choice([(1, 1), (2, 2), (2, 1), (1, 2)])
        node.set("#address-cells", address_cells).set("#size-cells", size_cells).set("ranges")
        if formed:
            name = f"mmode_resv0@{self.firmware[0]:x}"
            node.add(fdt.Node(name)).set("reg", self.range(*self.firmware)).set("no-map")
        elif self.chance(2):
            del node.props[self.rng.choice(["ranges", "#address-cells", "#size-cells"])]
        count = self.rng.choices([0, 1, 2, 3, 4, 5, 7, 12, 24], [2, 16, 20, 20, 16, 12, 8, 4, 2])[0]
        for _ in range(count):
            node.add(self.region())
        return node

    # The command line

    def amount(self, value):
        """A number as people write it."""
        for unit, bits in (("G", 30), ("M", 20), ("K", 10)):
            if value and value % (1 << bits) == 0 and not self.chance(15):
                return f"{value >> bits}{unit if self.chance(85) else unit.lower()}"
        return self.rng.choice([f"{value}", f"{value:#x}"])

    def cma(self):
        rng, block = self.rng, self.block
        size = rng.choices([16 * MIB, 32 * MIB, 64 * MIB, 128 * MIB, 256 * MIB, block, 3 * MIB, 100 * MIB, 128,
                            0, self.real[0][1], GIB, 4 * GIB], [10, 10, 14, 10, 8, 8, 4, 4, 2, 3, 3, 3, 1])[0]
        word = f"cma={self.amount(size)}"
        if self.chance(45):
            base, _ = self.range_static()
            word += f"@{self.amount(base)}"
            if self.chance(45):
                word += f"-{self.amount(base + size * rng.choice([1, 2, 4, 16]) + rng.choice([0, 0, block, self.page]))}"
        return word

    def cmdline(self):
        words = []
        if self.chance(38):
            words.append(self.cma())
            if self.chance(4):
                words.append(self.cma())
        if self.chance(10):
            total = sum(size for _, size in self.banks)
            size = self.rng.choice([total // 2, total // 2, total - 64 * MIB, total, total * 2, self.banks[0][1],
                                    128 * MIB + 4 * KIB, 96 * MIB])
            # a kernel behind what mem= leaves is RAM as well, which has to be told; only arm64 keeps an initrd
            if not self.is_told or self.machine.arch_name != "arm64":
                size = max(size, self.loaded_end - self.ram)
            words.append(f"mem={self.amount(size)}")
        if self.chance(25):
            words.append(self.rng.choice(["nokaslr", "xcma=1M", "cma", "rw", "root=/dev/ram0", "-- cma=8M"]))
        self.rng.shuffle(words)
        # what follows -- is for init
        words.sort(key=lambda word: word.startswith("--"))
        return " ".join(words)


def generate(machine, seed, index):
    """The case of a seed and an index."""
    for attempt in range(20):
        try:
            return Generator(machine, seed, index, attempt).case()
        except ValueError:
            continue
    raise ValueError(f"seed {seed}, index {index}: no layout")
