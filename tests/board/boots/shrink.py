# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a case small that is predicted wrongly, and writes it as a trap."""

import fdt
from oracle import Ranges, node_entries


def attempts(case):
    """Smaller cases, the largest steps first."""
    reserved = case.root.child("reserved-memory")
    words = case.cmdline.split()
    for i in range(len(words)):
        twin = case.copy()
        twin.cmdline = " ".join(words[:i] + words[i + 1:])
        yield twin
    for i in range(len(case.memreserve)):
        twin = case.copy()
        del twin.memreserve[i]
        yield twin
    if reserved:
        for i in reversed(range(len(reserved.children))):
            twin = case.copy()
            del twin.root.child("reserved-memory").children[i]
            yield twin
    soc = case.root.child("soc")
    if "dma-ranges" in soc.props:
        twin = case.copy()
        del twin.root.child("soc").props["dma-ranges"]
        yield twin
    yield from banks(case)
    if reserved:
        for i, node in enumerate(reserved.children):
            for name in list(node.props):
                twin = case.copy()
                del twin.root.child("reserved-memory").children[i].props[name]
                yield twin


def banks(case):
    nodes = [node for node in case.root.children if node.name.startswith("memory@")]
    if len(nodes) > 1:
        twin = case.copy()
        first, *rest = [node for node in twin.root.children if node.name.startswith("memory@")]
        for node in rest:
            first.props["reg"] += node.props["reg"]
            twin.root.children.remove(node)
        yield twin
        for i in range(1, len(nodes)):
            twin = case.copy()
            twin.root.children.remove(
                [node for node in twin.root.children if node.name.startswith("memory@")][i])
            yield twin
    elif nodes:
        entry = 4 * sum(int.from_bytes(case.root.props[name], "big") for name in ("#address-cells", "#size-cells"))
        for at in range(entry, len(nodes[0].props["reg"]), entry):
            twin = case.copy()
            props = next(node for node in twin.root.children if node.name.startswith("memory@")).props
            props["reg"] = props["reg"][:at] + props["reg"][at + entry:]
            yield twin


def is_bootable(case, taken):
    """Whether what the boot loader places lies in RAM, as it did in the case that was generated."""
    left = Ranges((base, base + size) for base, size in taken)
    for node in case.root.children:
        if node.name.startswith("memory@"):
            left -= Ranges(node_entries(case.root, node))
    return not left


def shrink(case, taken, is_wrong):
    """The smallest case that IS_WRONG still says is wrong, by steps that each leave out one thing."""
    again = True
    while again:
        again = False
        for twin in attempts(case):
            if is_bootable(twin, taken) and is_wrong(twin):
                case, again = twin, True
                break
    return case


def trap(case, wrong, machine):
    """The case as a trap: an overlay for the machine's tree."""
    layout = case.layout
    lines = ["// SPDX-License-Identifier: GPL-2.0-or-later", f"// {wrong}",
             f"// place: kernel={layout['kernel']:#x} tree={layout['tree']:#x} "
             f"initrd={layout['initrd']:#x}..{layout['initrd_end']:#x}"]
    if case.cmdline:
        lines.append(f"// append: {case.cmdline}")
    lines += ["/dts-v1/;", "/plugin/;", ""]
    for base, size in case.memreserve:
        lines.insert(2, f"// memreserve: {base:#x}+{size:#x}")
    base = machine.base
    root = fdt.Node("")
    root.props = {name: value for name, value in case.root.props.items() if base.props.get(name) != value}
    for node in case.root.children:
        before = base.child(node.name)
        if node.name == "chosen" or before and list(fdt.source(before)) == list(fdt.source(node)):
            continue
        if before:
            node = node.copy()
            node.props = {name: value for name, value in node.props.items() if before.props.get(name) != value}
            node.children = []
        root.add(node)
    lines += ["&{/} {", *fdt.source(root, 1), "};", ""]
    return "\n".join(lines)
