// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/devicetree/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/devicetree/source_files.h"
#include "model/devicetree/source_nodes.h"
#include "model/devicetree/tree.h"
#include "sys/file.h"

/*
 * The largest boards of Linux 7.2 read 1 MB in 50 files. DEPTH_MAX is that of nodes, and of files
 * that include each other.
 */
#define SOURCE_MIB_MAX 16
#define FILES_MAX      1000
#define DEPTH_MAX      64

struct parser {
	struct source_files *files;
	struct source *source;
	struct {
		ARRAY_OF(struct source_node *);
	} stack;               /* nodes that are open; NULL: it is not kept */
	struct strings labels; /* before the next node */
	bool annotated;
	struct file_identity open[DEPTH_MAX]; /* files within files */
	unsigned int depth, read;             /* of these; all that were read */
	size_t size;                          /* of all that were read */
	const char *excess;                   /* what there is too much of */
};

struct reader {
	const char *at, *end;
	struct source_place place;
};

static bool is_word(char sign)
{
	return ascii_is_alnum(sign) || (sign && strchr(",._+-#?@", sign));
}

static void step(struct reader *reader)
{
	reader->place.line += *reader->at == '\n';
	reader->at++;
}

static bool begins(const struct reader *reader, const char *text)
{
	size_t length = strlen(text);

	return (size_t)(reader->end - reader->at) >= length && !memcmp(reader->at, text, length);
}

static void skip_to(struct reader *reader, const char *text)
{
	while (reader->at < reader->end && !begins(reader, text))
		step(reader);
	for (size_t i = strlen(text); i && reader->at < reader->end; i--)
		step(reader);
}

static void skip_quoted(struct reader *reader)
{
	char quote = *reader->at;

	step(reader);
	while (reader->at < reader->end && *reader->at != quote) {
		if (*reader->at == '\\' && reader->at + 1 < reader->end)
			step(reader);
		step(reader);
	}
	if (reader->at < reader->end)
		step(reader);
}

/* Skips a comment or a quoted text. Returns false where there is none. */
static bool skip_opaque(struct reader *reader)
{
	if (begins(reader, "/*"))
		skip_to(reader, "*/");
	else if (begins(reader, "//"))
		skip_to(reader, "\n");
	else if (*reader->at == '"' || *reader->at == '\'')
		skip_quoted(reader);
	else
		return false;
	return true;
}

static void skip_blank(struct reader *reader)
{
	while (reader->at < reader->end) {
		if (ascii_is_space(*reader->at))
			step(reader);
		else if ((*reader->at == '"' || *reader->at == '\'') || !skip_opaque(reader))
			return;
	}
}

/* The rest of a line of the preprocessor, which a backslash continues. */
static void skip_line(struct reader *reader)
{
	while (reader->at < reader->end && *reader->at != '\n') {
		if (*reader->at == '\\' && reader->at + 1 < reader->end)
			step(reader);
		step(reader);
	}
}

/* Up to one of the signs outside of quoted texts, comments and parentheses. */
static void skip_value(struct reader *reader, const char *ends)
{
	unsigned int depth = 0;

	while (reader->at < reader->end) {
		if (skip_opaque(reader))
			continue;
		if (!depth && strchr(ends, *reader->at))
			return;
		if (*reader->at == '(')
			depth++;
		else if (*reader->at == ')' && depth)
			depth--;
		step(reader);
	}
}

/* From one to the one that closes it. */
static void skip_parentheses(struct reader *reader)
{
	step(reader);
	skip_value(reader, ")");
	if (reader->at < reader->end)
		step(reader);
}

static void read_file(struct parser *parser, const char *path);

/* Includes NAME from a file: beside that, or wherever below the directories a path ends so. */
static void include(struct parser *parser, const char *from, const char *name)
{
	const char *last = from ? strrchr(from, '/') : NULL, *found;
	AUTO_FREE char *directory = last ? xstrndup(from, (size_t)(last - from)) : xstrdup(".");
	AUTO_FREE char *beside = xasprintf("%s/%s", directory, name);
	struct file_identity identity;

	if (parser->annotated)
		return;
	if (file_is_regular(beside, &identity)) {
		read_file(parser, source_files_keep(parser->files, beside, strlen(beside)));
		return;
	}
	found = source_files_nearest(parser->files, name);
	if (found)
		read_file(parser, found);
}

/* A file that others name, which may be seen from another directory. NULL: not there. */
static const char *resolve(struct parser *parser, const char *name, size_t length)
{
	AUTO_FREE char *copy = xstrndup(name, length);
	const char *rest = copy, *found;

	while (text_starts_with(rest, "../"))
		rest += 3;
	found = source_files_nearest(parser->files, rest);
	if (found)
		return found;
	return file_access(copy, 4) ? NULL : source_files_keep(parser->files, copy, length);
}

/* What is between the quotes or angles at the reader; the caller frees it. */
static char *read_name(struct reader *reader)
{
	const char *start;
	char *name;

	while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\t'))
		step(reader);
	if (reader->at == reader->end || !strchr("\"<", *reader->at))
		return NULL;
	step(reader);
	start = reader->at;
	while (reader->at < reader->end && !strchr("\">\n", *reader->at))
		reader->at++;
	name = xstrndup(start, (size_t)(reader->at - start));
	return name;
}

/* Reads a line of the preprocessor. Returns false where # begins a property. */
static bool read_directive(struct parser *parser, struct reader *reader)
{
	static const char *const words[] = {"define", "undef",   "if",     "ifdef",
					    "ifndef", "else",    "elif",   "endif",
					    "error",  "warning", "pragma", "line"};
	const char *word = reader->at + 1;
	size_t length = 0;

	while (word < reader->end && (*word == ' ' || *word == '\t'))
		word++;
	while (word + length < reader->end && ascii_is_lower(word[length]))
		length++;
	if (length == strlen("include") && !memcmp(word, "include", length)) {
		AUTO_FREE char *name = NULL;

		reader->at = word + length;
		name = read_name(reader);
		skip_line(reader);
		if (name)
			include(parser, reader->place.file, name);
		return true;
	}
	if (!length && word < reader->end && ascii_is_digit(*word)) {
		/* what cpp leaves: # 12 "file" is the place of the next line */
		unsigned int line = (unsigned int)strtoul(word, NULL, 10);
		AUTO_FREE char *name = NULL;

		reader->at = word + strspn(word, "0123456789");
		name = read_name(reader);
		skip_line(reader);
		reader->place.line = line ? line - 1 : 0;
		if (name)
			reader->place.file = resolve(parser, name, strlen(name));
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (strlen(words[i]) == length && !memcmp(words[i], word, length) &&
		    !is_word(word[length])) {
			skip_line(reader);
			return true;
		}
	}
	return false;
}

/* The place in a comment of dtc -T: FILE:LINE, and more after it. */
static struct source_place read_annotation(struct parser *parser, struct reader reader,
					   struct source_place otherwise)
{
	const char *start;

	while (reader.at < reader.end && (*reader.at == ' ' || *reader.at == '\t'))
		reader.at++;
	if (!begins(&reader, "/* "))
		return otherwise;
	start = reader.at += 3;
	for (; reader.at < reader.end && *reader.at != '\n' && *reader.at != '*'; reader.at++) {
		if (*reader.at == ':' && ascii_is_digit(reader.at[1]))
			return (struct source_place){
				resolve(parser, start, (size_t)(reader.at - start)),
				(unsigned int)strtoul(reader.at + 1, NULL, 10)};
	}
	return otherwise;
}

/* The node called NAME in the one that is open, which is made; of a reference its node. */
static struct source_node *named_node(struct parser *parser, const char *name)
{
	struct source *source = parser->source;
	struct source_node *parent =
		parser->stack.count ? parser->stack.items[parser->stack.count - 1] : source->root;

	if (*name == '&') {
		struct source_node *node = source_labelled(source, name + 1);

		if (name[1] == '/')
			return source_node_at(source, source->root, name + 1);
		return node ? source_now(source, node)
			    : source_child(source, source->unknown, name);
	}
	if (!strcmp(name, "/"))
		return source->root;
	return parent ? source_child(source, parent, name) : NULL;
}

/* Says whether what is open, if anything, is a node that is kept. */
static bool is_kept(const struct parser *parser)
{
	return !parser->stack.count || parser->stack.items[parser->stack.count - 1];
}

static void open_node(struct parser *parser, const struct reader *reader, const char *name,
		      struct source_place place)
{
	bool kept = parser->stack.count < DEPTH_MAX && is_kept(parser);
	struct source_node *node = kept ? named_node(parser, name) : NULL;

	if (node && node->how != DEFINED) {
		node->how = *name == '&' ? REFERRED : DEFINED;
		node->place = parser->annotated ? read_annotation(parser, *reader, place) : place;
	}
	array_for_each (&parser->labels, label) {
		if (node)
			source_set_label(parser->source, *label, node);
	}
	strings_free(&parser->labels);
	*array_add(&parser->stack) = node; /* NULL as well: it is closed */
}

static void close_node(struct parser *parser)
{
	if (parser->stack.count)
		parser->stack.count--;
}

static void add_property(struct parser *parser, const struct reader *reader, const char *name,
			 struct source_place place)
{
	struct source_node *node =
		parser->stack.count ? parser->stack.items[parser->stack.count - 1] : NULL;

	if (!node || strlen(name) > TREE_NAME_MAX)
		return;
	if (parser->annotated)
		place = read_annotation(parser, *reader, place);
	if (place.file)
		source_set_property(node, name, place);
}

/* Forgets a node that /delete-node/ names, with all below it. */
static void delete_node(struct parser *parser, const char *name)
{
	struct source_node *node = is_kept(parser) ? named_node(parser, name) : NULL;

	if (node)
		source_delete(node);
}

/* A word, &label or &{/path} at the reader; the caller frees it. */
static char *read_word(struct reader *reader)
{
	const char *start = reader->at;

	if (begins(reader, "&{")) {
		const char *path = reader->at + 2;

		skip_to(reader, "}");
		return xasprintf("&%.*s", (int)(reader->at - path - 1), path);
	}
	if (reader->at < reader->end && *reader->at == '&')
		reader->at++;
	while (reader->at < reader->end && is_word(*reader->at))
		reader->at++;
	return xstrndup(start, (size_t)(reader->at - start));
}

/* /include/, /delete-node/ and their like. */
static void read_slashed(struct parser *parser, struct reader *reader)
{
	if (begins(reader, "/include/")) {
		AUTO_FREE char *name = NULL;

		reader->at += strlen("/include/");
		name = read_name(reader);
		if (reader->at < reader->end)
			step(reader);
		if (name)
			include(parser, reader->place.file, name);
	} else if (begins(reader, "/delete-node/")) {
		AUTO_FREE char *name = NULL;

		reader->at += strlen("/delete-node/");
		skip_blank(reader);
		name = read_word(reader);
		if (*name)
			delete_node(parser, name);
		skip_value(reader, ";");
	} else if (begins(reader, "/omit-if-no-ref/")) {
		reader->at += strlen("/omit-if-no-ref/");
	} else {
		skip_value(reader, ";");
	}
}

/* A node, a property, a label or a macro, whose name begins at the reader. */
static void read_statement(struct parser *parser, struct reader *reader)
{
	struct source_place place = reader->place;
	AUTO_FREE char *name = NULL;

	if (*reader->at == '/') {
		name = xstrdup("/");
		reader->at++;
	} else {
		name = read_word(reader);
	}
	skip_blank(reader);
	if (reader->at < reader->end && *reader->at == '(') {
		skip_parentheses(reader); /* a macro: of a name, or of all that there is */
		skip_blank(reader);
	}
	if (reader->at == reader->end)
		return;
	switch (*reader->at) {
	case ':':
		strings_add(&parser->labels, name);
		reader->at++;
		break;
	case '{':
		reader->at++;
		open_node(parser, reader, name, place);
		break;
	case '=':
		skip_value(reader, ";");
		/* fall through */
	case ';':
		if (reader->at < reader->end)
			reader->at++;
		strings_free(&parser->labels);
		add_property(parser, reader, name, place);
		break;
	default:
		break;
	}
}

static void read_nodes(struct parser *parser, struct reader *reader)
{
	while (!parser->excess) {
		const char *at = reader->at;

		skip_blank(reader);
		if (reader->at == reader->end)
			return;
		if (*reader->at == '}') {
			close_node(parser);
			reader->at++;
		} else if (*reader->at == '#' && read_directive(parser, reader)) {
			continue;
		} else if (*reader->at == '/' && reader->at + 1 < reader->end &&
			   ascii_is_alpha(reader->at[1])) {
			read_slashed(parser, reader);
		} else if (*reader->at == '/' || *reader->at == '&' || is_word(*reader->at)) {
			read_statement(parser, reader);
		} else {
			step(reader);
		}
		if (reader->at == at)
			step(reader); /* what is no source must not stop it */
	}
}

/* Says whether a file may be read now: one that includes itself is not read within itself. */
static bool may_read(struct parser *parser, const struct file_identity *file)
{
	for (unsigned int i = 0; i < parser->depth; i++) {
		if (parser->open[i].inode == file->inode && parser->open[i].device == file->device)
			return false;
	}
	if (parser->depth == DEPTH_MAX)
		parser->excess =
			"files that include each other more than " TEXT_OF(DEPTH_MAX) " deep";
	else if (parser->read == FILES_MAX)
		parser->excess = "more than " TEXT_OF(FILES_MAX) " files";
	return !parser->excess;
}

static void read_file(struct parser *parser, const char *path)
{
	size_t left = ((size_t)SOURCE_MIB_MAX << 20) - parser->size, size;
	AUTO_FREE char *text = NULL;
	struct reader reader = {.place = {path, 1}};
	struct file_identity identity = {0};
	int error;

	/* a map was named by the user and may be a pipe; it includes nothing */
	if (!parser->annotated && !file_is_regular(path, &identity))
		return;
	if (!may_read(parser, &identity))
		return;
	parser->read++;
	error = file_read(path, left, &text, &size);
	if (error == -EFBIG)
		parser->excess = "more than " TEXT_OF(SOURCE_MIB_MAX) " MiB";
	if (error)
		return;
	reader.at = text;
	reader.end = text + size;
	parser->size += size;
	parser->open[parser->depth++] = identity;
	read_nodes(parser, &reader);
	parser->depth--;
}

struct source *source_open(struct source_files *files, const char *tree, const char **excess)
{
	struct parser parser = {.files = files};
	const char *dot = strrchr(path_name(tree), '.');
	AUTO_FREE char *wanted =
		xasprintf("%.*s.dts%s", (int)(dot ? (size_t)(dot - tree) : strlen(tree)), tree,
			  dot && !strcmp(dot, ".dtbo") ? "o" : "");
	const char *path = source_files_map(files, tree);

	*excess = NULL;
	parser.annotated = path != NULL;
	if (!path)
		path = source_files_nearest(files, wanted);
	if (!path)
		return NULL;
	parser.source = source_new();
	parser.source->file = parser.annotated ? NULL : path; /* a map is no source */
	read_file(&parser, path);
	array_free(&parser.stack);
	strings_free(&parser.labels);
	if (parser.excess)
		source_free(TAKE_POINTER(parser.source));
	*excess = parser.excess;
	return parser.source;
}
