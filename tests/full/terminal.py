# SPDX-License-Identifier: GPL-2.0-or-later
"""What must not reach a terminal."""


def is_harmless(character):
    code = ord(character)
    return not (
        code < 0x20 or 0x7F <= code <= 0x9F or code in (0x61C, 0x200E, 0x200F) or 0x2028 <= code <= 0x202E or 0x2066 <= code <= 0x2069
    )


def acts(data):
    """The first character in it that a terminal or the eye may act on, or that is no character; None: there is none."""
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            text = line.decode()
        except UnicodeDecodeError:
            return "line %d is not UTF-8" % number
        for character in text:
            if not is_harmless(character):
                return "line %d has %a" % (number, character)
    return None
