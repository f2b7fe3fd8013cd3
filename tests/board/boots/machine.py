# SPDX-License-Identifier: GPL-2.0-or-later
"""
Machines that boot a device tree exactly as it is given: QEMU gets the kernel, the tree and the initrd as
bytes at addresses, and a few instructions that start the kernel, so that it rewrites nothing.
"""

import hashlib
import lzma
import os
import re
import resource
import select
import struct
import subprocess
import tempfile

import fdt

HERE = os.path.dirname(os.path.abspath(__file__))
BOARD = os.path.join(os.path.dirname(HERE), "board")
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "dmaheap", "board")
KIB = 1 << 10
MIB = 1 << 20
GIB = 1 << 30

# An ordinary boot takes one or two seconds of the processor. These limits do not depend on what else runs:
# a machine is asleep if it has neither printed anything nor used the processor for some time.
CPU_SECONDS = 10
QUIET_SECONDS = 30
ASLEEP_SECONDS = 0.3


def stub_arm64(kernel, tree, _):
    """ldr x0, tree; x1 to x3 = 0; ldr x4, kernel; br x4"""
    return struct.pack("<6IQQ", 0x580000C0, 0xAA1F03E1, 0xAA1F03E2, 0xAA1F03E3, 0x58000084, 0xD61F0080,
                       tree, kernel)


def stub_arm(kernel, tree, _):
    """mov r0, #0; ldr r1, machine type; ldr r2, tree; ldr pc, kernel"""
    return struct.pack("<7I", 0xE3A00000, 0xE59F1004, 0xE59F2004, 0xE59FF004, 0xFFFFFFFF, tree, kernel)


def stub_riscv(kernel, tree, virt):
    """
    First, in M-mode: OpenSBI gets a tree of its own, QEMU's, because it writes to it; a0 is the number of the processor,
    a1 that tree, a2 what struct fw_dynamic_info has. It starts what follows, in S-mode: ld a1, tree; ld t1, kernel; jr t1
    """
    at = 0x80100000
    return struct.pack("<12I16x2Q2Q6Q",
                       # auipc t0; li a0, 0; ld a1, 64(t0); addi a2, t0, 96; ld t1, 72(t0); jr t1; nop; nop
                       0x297, 0x513, 0x0402B583, 0x06028613, 0x0482B303, 0x30067, 0x13, 0x13,
                       # auipc t0; ld a1, 48(t0); ld t1, 56(t0); jr t1
                       0x297, 0x0302B583, 0x0382B303, 0x30067,
                       at + 144, 0x80000000, tree, kernel,
                       # "OSBI", version, where to go on, in S-mode, without prints, the processor
                       0x4942534F, 2, at + 32, 1, 1, 0) + virt


class Arch:
    """What is the same for all kernels of an architecture."""

    def __init__(self, qemu, words, compiler, stub, ram, end, console, stub_at="0", firmware=None, keep=None):
        self.qemu = qemu
        self.words = words
        self.compiler = compiler
        self.stub = stub
        self.stub_at = stub_at  # where the stub is loaded, with more words for QEMU
        self.ram = ram  # the first address of RAM
        self.end = end  # and where it may end; only what a boot touches costs memory
        self.console = console
        self.firmware = firmware  # base and size of what firmware keeps for itself, before the RAM
        self.keep = keep or (ram, MIB)  # where QEMU puts a tree of its own


ARCHS = {
    "arm64": Arch("qemu-system-aarch64", ["-M", "virt,gic-version=3", "-cpu", "cortex-a72"],
                  "aarch64-linux-gnu-", stub_arm64, 0x40000000, 0x180000000,
                  "console=ttyAMA0 earlycon=pl011,0x9000000"),
    "arm": Arch("qemu-system-arm", ["-M", "virt,highmem=off", "-cpu", "cortex-a15"],
                "arm-linux-gnueabihf-", stub_arm, 0x40000000, 0xC0000000,
                "console=ttyAMA0 earlycon=pl011,0x9000000"),
    "riscv": Arch("qemu-system-riscv64", ["-M", "virt", "-cpu", "rv64"],
                  "riscv64-linux-gnu-", stub_riscv, 0x80200000, 0x200000000,
                  "console=ttyS0 earlycon=uart8250,mmio,0x10000000", "0x80100000,cpu-num=0",
                  (0x80000000, 512 * KIB), (0xBFE00000, 2 * MIB)),
}

# What of QEMU's tree a boot needs.
NEEDED = ("psci", "cpus", "timer", "intc", "pl011", "apb-pclk", "serial", "plic")


class Boot:
    """What a boot printed, and how it ended: "off", "panic", "silent" (its time is up) or "asleep"."""

    def __init__(self, console, end, seconds):
        self.console = console.decode("utf-8", "replace").replace("\r", "")
        self.end = end
        self.seconds = seconds  # of the processor
        self.parts = {}
        log, found, rest = self.console.partition("\n== release\n")
        self.log = log.split("\n")
        if found:
            for part in ("release\n" + rest).split("\n== "):
                name, _, text = part.partition("\n")
                self.parts[name] = text.split("\n") if text else []
            for name, lines in self.parts.items():
                self.parts[name] = [line for line in lines if line]

    @property
    def complete(self):
        return "end" in self.parts

    def lines(self, part):
        return self.parts.get(part, [])


class Machine:
    """A kernel and the machine that boots it."""

    def __init__(self, kernel, arch, configs):
        self.options_given = [word for name in configs for word in ("--config", name)]
        if arch:
            self.options_given += ["--arch", arch]
        words = [BOARD, "--quiet", "--kernel", kernel, *self.options_given]
        told = subprocess.run(words + ["describe"], check=True, stdout=subprocess.PIPE, text=True,
                              stdin=subprocess.DEVNULL).stdout
        facts = dict(line.split("=", 1) for line in told.splitlines())
        self.kernel = kernel
        self.name = " ".join([kernel, *configs, *([arch] if arch else [])])
        self.arch_name = facts["arch"]
        self.arch = ARCHS[self.arch_name]
        self.config = facts["config"]
        self.release = facts["release"]
        with open(facts["image"], "rb") as file:
            self.image = file.read()
        self.kernel_offset = 0  # in RAM, where the kernel lies at a fixed one
        if self.arch_name == "arm":
            self.image, self.kernel_offset, self.kernel_size = unpack_arm(self.image)
        else:
            (self.kernel_size,) = struct.unpack_from("<Q", self.image, 16)
        with open(self.config, encoding="utf-8") as file:
            self.options = dict(re.findall(r"^CONFIG_(\w+)=(.*)$", file.read(), re.M))
        self.initrd = initrd(self.arch)
        self.virt = virt_tree(self.arch)
        self.base = base_tree(self.virt)

    def option(self, name):
        return self.options.get(name)

    def words(self):
        """What the command line of each boot begins with."""
        return f"{self.arch.console} panic=-1"

    def boot(self, blob, layout):
        """Boots a blob with KERNEL, TREE and INITRD at the addresses of LAYOUT."""
        with tempfile.TemporaryDirectory() as work:
            def loader(name, data, where):
                path = os.path.join(work, name)
                with open(path, "wb") as file:
                    file.write(data)
                return ["-device", f"loader,file={path},force-raw=on,addr={where}"]

            size = (self.arch.end - (self.arch.firmware or (self.arch.ram,))[0]) // MIB
            machine = list(self.arch.words)
            machine[1] += ",memory-backend=ram"
            command = ["setpriv", "--pdeathsig", "KILL", self.arch.qemu, *machine,
                       "-object", f"memory-backend-ram,id=ram,size={size}M,reserve=off",
                       "-m", f"{size}", "-smp", "1", "-accel", "tcg,thread=single,tb-size=64",
                       "-nodefaults", "-display", "none", "-no-reboot", "-serial", "stdio",
                       *loader("stub", self.arch.stub(layout["kernel"], layout["tree"],
                                                      fdt.serialize(self.virt)), self.arch.stub_at),
                       *loader("kernel", self.image, layout["kernel"]),
                       *loader("tree", blob, layout["tree"]),
                       *loader("initrd", self.initrd, layout["initrd"])]
            return run(command)


def unpack_arm(image):
    """
    The kernel in a zImage, where it lies in the RAM, and its size with .bss, by the table of
    arch/arm/boot/compressed/vmlinux.lds.S. To unpack it takes an emulated processor longer than to boot.
    """
    (table,) = struct.unpack_from("<I", image, 0x38)
    size_at, bss, offset = struct.unpack_from("<3I", image, table + 8)
    # what unpacks it knows the magic bytes as well
    kernel = lzma.LZMADecompressor().decompress(image[image.rindex(b"\xfd7zXZ\0"):])
    if len(kernel) != struct.unpack_from("<I", image, size_at)[0]:
        raise ValueError("zImage: the kernel has another size than the table says")
    return kernel, offset, len(kernel) + bss


def run(command):
    """Runs QEMU until the machine is off, has panicked, or has used up its time."""
    console, end = bytearray(), None
    with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))) as qemu:
        used = 0
        while not end:
            ready, _, _ = select.select([qemu.stdout], [], [], QUIET_SECONDS)
            if not ready:
                before, used = used, processor_seconds(qemu.pid)
                end = "asleep" if used - before < ASLEEP_SECONDS and not is_waiting(qemu.pid) else None
                continue
            data = os.read(qemu.stdout.fileno(), 65536)
            console += data
            if not data:
                break
            if b"---[ end Kernel panic" in console[-len(data) - 64:]:
                end = "panic"
        if end:
            qemu.kill()
        _, status, usage = os.wait4(qemu.pid, 0)
        qemu.returncode = os.waitstatus_to_exitcode(status)
    if not end:
        end = "silent" if qemu.returncode < 0 else "panic" if b"Kernel panic" in console else "off"
    return Boot(bytes(console), end, usage.ru_utime + usage.ru_stime)


def is_waiting(pid):
    """Whether a thread would run if this machine had a processor for it."""
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/stat", encoding="ascii") as file:
            if file.read().rpartition(")")[2].split()[0] in "RD":
                return True
    return False


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        ticks = file.read().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def virt_tree(arch):
    """QEMU's own tree."""
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "virt.dtb")
        words = list(arch.words)
        words[1] += f",dumpdtb={path}"
        subprocess.run([arch.qemu, *words, "-nodefaults", "-display", "none"], check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(path, "rb") as file:
            return fdt.parse(file.read())


def base_tree(virt):
    """QEMU's tree with only what a boot needs, devices below /soc, so that the root's cells are free."""
    root, soc = fdt.Node(""), fdt.Node("soc")
    root.props = dict(virt.props)
    root.set("#address-cells", 2).set("#size-cells", 2)
    root.add(fdt.Node("chosen"))
    soc.set("compatible", "simple-bus").set("#address-cells", 2).set("#size-cells", 2).set("ranges")
    below = virt.child("soc")
    for node in virt.children + (below.children if below else []):
        if node.name.split("@")[0] in NEEDED:
            node = node.copy()
            # children of the interrupt controller are not needed either
            if "reg" in node.props:
                node.children = []
            (soc if "reg" in node.props else root).add(node)
    root.add(soc)
    return root


def initrd(arch):
    """The archive with the only program of a boot, made once for its source."""
    with open(os.path.join(HERE, "probe.c"), "rb") as file:
        source = file.read()
    key = hashlib.sha256(source + arch.compiler.encode()).hexdigest()[:16]
    path = os.path.join(CACHE, "probe", key)
    if not os.path.exists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with tempfile.TemporaryDirectory(dir=os.path.dirname(path)) as work:
            program = os.path.join(work, "init")
            subprocess.run([arch.compiler + "gcc", "-std=gnu17", "-static", "-O2", "-s", "-Wall", "-Wextra",
                            "-Werror", "-o", program, os.path.join(HERE, "probe.c")], check=True)
            with open(program, "rb") as file:
                data = file.read()
            archive = os.path.join(work, "archive")
            with open(archive, "wb") as file:
                for name in ("dev", "proc", "sys"):
                    file.write(cpio(name, 0o040755))
                file.write(cpio("dev/console", 0o020600, device=(5, 1)))
                file.write(cpio("init", 0o100755, data))
                file.write(cpio("TRAILER!!!", 0))
            os.replace(archive, path)
    with open(path, "rb") as file:
        return file.read()


def cpio(name, mode, data=b"", device=(0, 0)):
    """One entry of an archive in the format `newc`."""
    numbers = [0, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08X" % number for number in numbers) + name.encode() + b"\0"
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)
