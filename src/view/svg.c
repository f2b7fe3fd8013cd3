// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/svg.h"

#include "view/xml.h"

void svg_begin(FILE *stream, unsigned int width, unsigned int height, const char *style)
{
	fprintf(stream,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
		"viewBox=\"0 0 %u %u\">\n"
		"<style>\n"
		"svg{background:#fff;font:13px monospace}\n"
		"text{fill:#222} .dim{fill:#777} .title{font-weight:bold}\n"
		".ram{fill:#f1f3f5;stroke:#868e96}\n"
		"rect.hue0{fill:#40c057} rect.hue1{fill:#4c6ef5} rect.hue2{fill:#be4bdb} "
		"rect.hue3{fill:#15aabf} rect.hue4{fill:#fab005} rect.hue5{fill:#fa5252}\n"
		"%s"
		"@media(prefers-color-scheme:dark){svg{background:#1a1b1e} text{fill:#ddd} "
		".dim{fill:#999} .ram{fill:#2c2e33}}\n"
		"</style>\n",
		width, height, width, height, style);
}

void svg_end(FILE *stream)
{
	fputs("</svg>\n", stream);
}

static void put_text(FILE *stream, unsigned int x, unsigned int y, const char *class,
		     const char *anchor, const char *text)
{
	fprintf(stream, "<text x=\"%u\" y=\"%u\" class=\"%s\"%s>", x, y, class, anchor);
	xml_put(stream, text, false);
	fputs("</text>\n", stream);
}

void svg_text(FILE *stream, unsigned int x, unsigned int y, const char *class, const char *text)
{
	put_text(stream, x, y, class, "", text);
}

void svg_text_end(FILE *stream, unsigned int x, unsigned int y, const char *class, const char *text)
{
	put_text(stream, x, y, class, " text-anchor=\"end\"", text);
}
