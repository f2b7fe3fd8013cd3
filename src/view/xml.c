// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/xml.h"

#include <stdint.h>

#include "base/cleanup.h"
#include "base/text.h"

void xml_put(FILE *out, const char *text, bool lines)
{
	while (*text) {
		size_t plain = 0;
		AUTO_FREE char *escaped = NULL;

		while (text[plain] && !(lines && text[plain] == '\n'))
			plain++;
		escaped = text_escape_bytes(text, plain);
		for (const char *c = escaped; *c; c++) {
			switch (*c) {
			case '&':
				fputs("&amp;", out);
				break;
			case '<':
				fputs("&lt;", out);
				break;
			case '>':
				fputs("&gt;", out);
				break;
			case '"':
				fputs("&quot;", out);
				break;
			case '\xef':
				if (c[1] == '\xbf' && (c[2] == '\xbe' || c[2] == '\xbf')) {
					fprintf(out, "\\xef\\xbf\\x%02x", (uint8_t)c[2]);
					c += 2;
					break;
				}
				/* fall through */
			default:
				fputc(*c, out);
			}
		}
		text += plain;
		if (*text)
			fputc(*text++, out);
	}
}
