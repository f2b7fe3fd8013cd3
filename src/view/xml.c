// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/xml.h"

#include <stdint.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/text.h"

static const char *const entities[] = {
	['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;"};

void xml_put(FILE *out, const char *text, bool lines)
{
	while (*text) {
		size_t plain = 0;
		AUTO_FREE char *escaped = NULL;

		while (text[plain] && !(lines && text[plain] == '\n'))
			plain++;
		escaped = text_escape_bytes(text, plain);
		for (const char *c = escaped; *c; c++) {
			uint8_t byte = (uint8_t)*c;

			if (byte < COUNT_OF(entities) && entities[byte]) {
				fputs(entities[byte], out);
			} else if (!strncmp(c, "\xef\xbf\xbe", 3) ||
				   !strncmp(c, "\xef\xbf\xbf", 3)) {
				fprintf(out, "\\xef\\xbf\\x%02x", (uint8_t)c[2]);
				c += 2;
			} else {
				fputc(*c, out);
			}
		}
		text += plain;
		if (*text)
			fputc(*text++, out);
	}
}
