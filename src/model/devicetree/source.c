// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/devicetree/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/devicetree/tree.h"
#include "sys/file.h"

enum {
	FILE_SIZE_MAX = 16 << 20,
	DEPTH_MAX = 64, /* of nodes, and of files that include each other */
	FILES_MAX = 1000,
};

struct source_files {
	struct strings paths; /* of .dts and .dtsi files */
	struct strings maps;  /* that dtc has written */
	struct strings named; /* files that others name: they have to stay */
};

struct place {
	const char *file;
	unsigned int line;
};

struct source_node {
	char *path;
	bool reference; /* &label { … } */
	struct place place;
};

struct source_property {
	char *path, *name; /* path: of the node */
	struct place place;
};

struct source_label {
	char *name, *path;
};

struct source {
	const char *file; /* the board's; NULL: a map was read */
	struct {
		ARRAY_OF(struct source_node);
	} nodes;
	struct {
		ARRAY_OF(struct source_property);
	} properties;
	struct {
		ARRAY_OF(struct source_label);
	} labels;
};

struct parser {
	struct source_files *files;
	struct source *source;
	struct strings stack;  /* paths of the nodes that are open */
	struct strings labels; /* before the next node */
	bool annotated;
	unsigned int depth, read; /* files within files; all that were read */
};

struct reader {
	const char *at, *end;
	struct place place;
};

struct source_files *source_files_new(void)
{
	return xcalloc(1, sizeof(struct source_files));
}

void source_files_free(struct source_files *files)
{
	if (!files)
		return;
	strings_free(&files->paths);
	strings_free(&files->maps);
	strings_free(&files->named);
	free(files);
}

int source_files_add(struct source_files *files, const char *directory)
{
	static const char *const endings[] = {".dts", ".dtsi", ".dtso", NULL};
	int error = file_find(directory, endings, &files->paths);

	strings_sort(&files->paths);
	return error;
}

void source_files_add_map(struct source_files *files, const char *path)
{
	strings_add(&files->maps, path);
}

void source_free(struct source *source)
{
	if (!source)
		return;
	array_for_each (&source->nodes, node)
		free(node->path);
	array_for_each (&source->properties, property) {
		free(property->path);
		free(property->name);
	}
	array_for_each (&source->labels, label) {
		free(label->name);
		free(label->path);
	}
	array_free(&source->nodes);
	array_free(&source->properties);
	array_free(&source->labels);
	free(source);
}

/* How many of the last parts of two paths are the same. */
static unsigned int same_parts(const char *one, const char *other)
{
	size_t a = strlen(one), b = strlen(other);
	unsigned int same = 0;

	while (a && b && one[a - 1] == other[b - 1]) {
		a--, b--;
		same += one[a] == '/';
	}
	return same + ((!a || one[a - 1] == '/') && (!b || other[b - 1] == '/') && one[a] != '/');
}

/* The file whose path ends as WANTED does, with most parts in common; NULL: none, or several. */
static const char *nearest(const struct strings *paths, const char *wanted)
{
	const char *best = NULL;
	unsigned int most = 0;

	array_for_each (paths, path) {
		unsigned int same;

		if (strcmp(path_name(*path), path_name(wanted)) != 0)
			continue;
		same = same_parts(*path, wanted);
		if (same >= most) {
			best = same == most && best ? NULL : *path;
			most = same;
		}
	}
	return best;
}

/* The file's name, which others may point to. */
static const char *keep(struct source_files *files, const char *name, size_t length)
{
	AUTO_FREE char *copy = xstrndup(name, length);

	array_for_each (&files->named, named) {
		if (!strcmp(*named, copy))
			return *named;
	}
	strings_take(&files->named, TAKE_POINTER(copy));
	return files->named.items[files->named.count - 1];
}

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

	if (parser->annotated)
		return;
	if (!file_access(beside, 4)) {
		read_file(parser, keep(parser->files, beside, strlen(beside)));
		return;
	}
	found = nearest(&parser->files->paths, name);
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
	found = nearest(&parser->files->paths, rest);
	if (found)
		return found;
	return file_access(copy, 4) ? NULL : keep(parser->files, copy, length);
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
static struct place read_annotation(struct parser *parser, struct reader reader,
				    struct place otherwise)
{
	const char *start;

	while (reader.at < reader.end && (*reader.at == ' ' || *reader.at == '\t'))
		reader.at++;
	if (!begins(&reader, "/* "))
		return otherwise;
	start = reader.at += 3;
	for (; reader.at < reader.end && *reader.at != '\n' && *reader.at != '*'; reader.at++) {
		if (*reader.at == ':' && ascii_is_digit(reader.at[1]))
			return (struct place){resolve(parser, start, (size_t)(reader.at - start)),
					      (unsigned int)strtoul(reader.at + 1, NULL, 10)};
	}
	return otherwise;
}

static const char *label_path(const struct source *source, const char *label)
{
	for (size_t i = source->labels.count; i; i--) {
		if (!strcmp(source->labels.items[i - 1].name, label))
			return source->labels.items[i - 1].path;
	}
	return NULL;
}

/* The path of a node called NAME in the one that is open; of a reference that of its node. */
static char *node_path(const struct parser *parser, const char *name)
{
	const char *parent =
		parser->stack.count ? parser->stack.items[parser->stack.count - 1] : "";

	if (*name == '&') {
		const char *path = name[1] == '/' ? name + 1 : label_path(parser->source, name + 1);

		return xstrdup(path ? path : name);
	}
	if (!strcmp(name, "/"))
		return xstrdup("/");
	return xasprintf("%s%s%s", parent, strcmp(parent, "/") != 0 ? "/" : "", name);
}

/* Says whether what is open, if anything, is a node that is kept. */
static bool is_kept(const struct parser *parser)
{
	return !parser->stack.count || *parser->stack.items[parser->stack.count - 1];
}

static void open_node(struct parser *parser, const struct reader *reader, const char *name,
		      struct place place)
{
	AUTO_FREE char *path = node_path(parser, name);
	struct source_node *node;

	if (parser->stack.count >= DEPTH_MAX || !is_kept(parser) || strlen(path) > TREE_PATH_MAX) {
		strings_free(&parser->labels);
		strings_add(&parser->stack, ""); /* kept in step */
		return;
	}
	node = array_add(&parser->source->nodes);
	node->path = xstrdup(path);
	node->reference = *name == '&';
	node->place = parser->annotated ? read_annotation(parser, *reader, place) : place;
	array_for_each (&parser->labels, label)
		*array_add(&parser->source->labels) =
			(struct source_label){xstrdup(*label), xstrdup(path)};
	strings_free(&parser->labels);
	strings_take(&parser->stack, TAKE_POINTER(path));
}

static void close_node(struct parser *parser)
{
	if (parser->stack.count)
		free(parser->stack.items[--parser->stack.count]);
}

static void add_property(struct parser *parser, const struct reader *reader, const char *name,
			 struct place place)
{
	struct source_property *property;

	if (!parser->stack.count || !is_kept(parser) || strlen(name) > TREE_NAME_MAX)
		return;
	property = array_add(&parser->source->properties);
	property->path = xstrdup(parser->stack.items[parser->stack.count - 1]);
	property->name = xstrdup(name);
	property->place = parser->annotated ? read_annotation(parser, *reader, place) : place;
}

/* Forgets a node that /delete-node/ names, with all below it. */
static void delete_node(struct parser *parser, const char *name)
{
	AUTO_FREE char *path = node_path(parser, name);
	size_t length = strlen(path);

	array_for_each (&parser->source->nodes, node) {
		if (!strncmp(node->path, path, length) && strchr("/", node->path[length]))
			*node->path = '\0';
	}
	array_for_each (&parser->source->properties, property) {
		if (!strncmp(property->path, path, length) && strchr("/", property->path[length]))
			*property->path = '\0';
	}
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
	struct place place = reader->place;
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
	for (;;) {
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

static void read_file(struct parser *parser, const char *path)
{
	AUTO_FREE char *text = NULL;
	struct reader reader = {.place = {path, 1}};
	size_t size;

	if (parser->depth == DEPTH_MAX || parser->read++ == FILES_MAX ||
	    file_read(path, FILE_SIZE_MAX, &text, &size))
		return;
	reader.at = text;
	reader.end = text + size;
	parser->depth++;
	read_nodes(parser, &reader);
	parser->depth--;
}

/* The map of a tree. */
static const char *map_of(const struct source_files *files, const char *tree)
{
	const char *name = path_name(tree);
	size_t length = strcspn(name, ".");

	array_for_each (&files->maps, map) {
		const char *other = path_name(*map);

		if (!strncmp(name, other, length) && strchr(".", other[length]))
			return *map;
	}
	return NULL;
}

struct source *source_open(struct source_files *files, const char *tree)
{
	struct parser parser = {.files = files};
	const char *dot = strrchr(path_name(tree), '.');
	AUTO_FREE char *wanted =
		xasprintf("%.*s.dts%s", (int)(dot ? (size_t)(dot - tree) : strlen(tree)), tree,
			  dot && !strcmp(dot, ".dtbo") ? "o" : "");
	const char *path = map_of(files, tree);

	parser.annotated = path != NULL;
	if (!path)
		path = nearest(&files->paths, wanted);
	if (!path)
		return NULL;
	parser.source = xcalloc(1, sizeof(*parser.source));
	parser.source->file = parser.annotated ? NULL : path; /* a map is no source */
	read_file(&parser, path);
	strings_free(&parser.stack);
	strings_free(&parser.labels);
	return parser.source;
}

static const struct source_node *find_node(const struct source *source, const char *path)
{
	const struct source_node *reference = NULL;

	array_for_each (&source->nodes, node) {
		if (strcmp(node->path, path) != 0)
			continue;
		if (!node->reference)
			return node;
		reference = node;
	}
	return reference;
}

const char *source_find(const struct source *source, const char *path, const char *label,
			const char *property, unsigned int *line)
{
	const struct source_node *node = find_node(source, path);

	if (!node && label && label_path(source, label)) {
		/* a macro makes its name */
		path = label_path(source, label);
		node = find_node(source, path);
	}
	for (size_t i = node && property ? source->properties.count : 0; i; i--) {
		const struct source_property *found = &source->properties.items[i - 1];

		if (found->place.file && !strcmp(found->path, path) &&
		    !strcmp(found->name, property)) {
			*line = found->place.line;
			return found->place.file;
		}
	}
	if (!node || !node->place.file) {
		*line = 0;
		return source->file;
	}
	*line = node->place.line;
	return node->place.file;
}
