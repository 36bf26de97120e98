/*
 * Reads the public header, which is of the plainest C there is: a block of declarations, each with
 * a comment before it, members with one behind. The block is the one that cffi reads.
 * Invariant: what was read is in the order of the file, and every text is one line.
 */
#include "cmd/header_read.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

#define SECTION_BEGIN "/* ---- "
#define SECTION_END " ---- */"

static bool is_blank(char c)
{
    return c == ' ' || c == '\n';
}

/* One line of a text: runs of blanks become one, none at the ends. */
static const char *one_line(struct header *header, const char *text, size_t len)
{
    struct str out = { 0 };
    for (size_t i = 0; i < len; i++) {
        if (is_blank(text[i]))
            continue;
        if (out.len && is_blank(text[i - 1]))
            str_append_char(&out, ' ');
        str_append_char(&out, text[i]);
    }
    const char *line = arena_strdup(&header->arena, str_text(&out));
    str_done(&out);
    return line;
}

/* The same of a comment's inside, without the star at the beginning of each line. */
static const char *comment_line(struct header *header, const char *text, size_t len)
{
    struct str out = { 0 };
    bool is_start = false;
    for (size_t i = 0; i < len; i++) {
        is_start |= text[i] == '\n';
        str_append_char(&out, is_start && text[i] == '*' ? ' ' : text[i]);
        is_start &= is_blank(text[i]);
    }
    const char *line = one_line(header, str_text(&out), out.len);
    str_done(&out);
    return line;
}

const char *header_section(const char *line, size_t *ret_len)
{
    const char *end = strstr(line, SECTION_END);
    if (!str_has_prefix(line, SECTION_BEGIN) || !end || memchr(line, '\n', (size_t)(end - line)))
        return NULL;
    line += strlen(SECTION_BEGIN);
    *ret_len = (size_t)(end - line);
    return line;
}

/* The words of the comment that begins at `at`, and where the text goes on; NULL without an end. */
static const char *read_comment(struct header *header, const char *at, const char **ret_words)
{
    const char *end = strstr(at, "*/");
    if (!end)
        return NULL;
    at += strcspn(at, " \n");
    *ret_words = at < end ? comment_line(header, at, (size_t)(end - at)) : "";
    return end + 2;
}

static struct header_item *add_item(struct header *header)
{
    header->items = xreallocarray(header->items, header->count + 1, sizeof(*header->items));
    header->items[header->count] = (struct header_item){ .comment = "" };
    return &header->items[header->count++];
}

/* What has been gathered since `from` is a member, unless it is nothing. */
static void add_member(struct header *header, struct header_item *item, const char *from,
                       const char *to)
{
    const char *code = one_line(header, from, (size_t)(to - from));
    if (!*code)
        return;
    item->members = xreallocarray(item->members, item->member_count + 1, sizeof(*item->members));
    item->members[item->member_count++] = (struct header_member){ .code = code, .comment = "" };
}

/* The members behind the opening brace; where the text goes on behind the closing one. */
static const char *read_members(struct header *header, struct header_item *item, const char *at)
{
    const char *from = at;
    int depth = 1;
    while (*at) {
        depth += (*at == '{') - (*at == '}');
        if (depth && *at != ',' && *at != ';' && !str_has_prefix(at, "/*")) {
            at++;
            continue;
        }
        add_member(header, item, from, at);
        if (!depth)
            return at + 1;
        if (*at == '/') {
            const char *words = "";
            if (!item->member_count || !(at = read_comment(header, at, &words)))
                return NULL;
            item->members[item->member_count - 1].comment = words;
        } else {
            at++;
        }
        from = at;
    }
    return NULL;
}

/* A declaration, with the comment that stood before it. NULL if it has no end. */
static const char *read_declaration(struct header *header, const char *at, const char *comment)
{
    struct header_item *item = add_item(header);
    size_t len = strcspn(at, "{;");
    const char *code = one_line(header, at, len);
    item->comment = comment;
    item->code = str_has_prefix(code, "NVITOP_API ") ? code + strlen("NVITOP_API ") : code;
    at += len;
    if (*at == '{' && !(at = read_members(header, item, at + 1)))
        return NULL;
    return *at == ';' ? at + 1 : NULL;
}

static const char *read_one(struct header *header, const char *at, const char **comment)
{
    size_t len = 0;
    const char *title = header_section(at, &len);
    if (title) {
        add_item(header)->comment = one_line(header, title, len);
        return strstr(at, "*/") + 2;
    }
    if (str_has_prefix(at, "/*"))
        return read_comment(header, at, comment);
    at = read_declaration(header, at, *comment);
    *comment = "";
    return at;
}

int header_read(const char *text, struct header *ret_header)
{
    *ret_header = (struct header){ 0 };
    const char *at = strstr(text, "/* CFFI-BEGIN */"), *end = strstr(text, "/* CFFI-END */");
    const char *comment = "";
    if (!at || !end)
        return -1;
    at += strlen("/* CFFI-BEGIN */");
    while (at && at < end) {
        if (is_blank(*at))
            at++;
        else
            at = read_one(ret_header, at, &comment);
    }
    return at == end ? 0 : -1;
}

void header_done(struct header *header)
{
    for (size_t i = 0; i < header->count; i++)
        free(header->items[i].members);
    free(header->items);
    arena_done(&header->arena);
    *header = (struct header){ 0 };
}

const struct header_item *header_find(const struct header *header, const char *code)
{
    for (size_t i = 0; i < header->count; i++)
        if (header->items[i].code && strcmp(header->items[i].code, code) == 0)
            return &header->items[i];
    return NULL;
}
