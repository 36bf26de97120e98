/*
 * libinih does the syntax; this module feeds it lines and so knows their numbers, tells a
 * repeated heading from a continued section, and refuses lines that libinih would cut.
 */
#include "scenario_read.h"

#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "nvitop/nvitop.h"
#include "sim/symbols.h"

enum { HEADING_MAX = 48 }; /* libinih cuts a longer one */

struct reader {
    const char *at, *end;
    unsigned line;
    bool is_continued; /* the line begins with a blank */
    bool has_heading;
    char heading[HEADING_MAX + 1];
    struct arena *arena;
    struct raw_file *raw;
    struct scenario_error *error;
};

int scenario_complain(struct scenario_error *error, unsigned line, const char *format, ...)
{
    if (error->text[0])
        return NVITOP_EINVAL;
    error->line = line;
    va_list args;
    va_start(args, format);
    vsnprintf(error->text, sizeof(error->text), format, args);
    va_end(args);
    return NVITOP_EINVAL;
}

/* ---- headings ---- */

static bool parse_unsigned(const char **at, unsigned *ret_number)
{
    unsigned number = 0;
    const char *from = *at;
    while (**at >= '0' && **at <= '9' && number < 100000)
        number = number * 10 + (unsigned)(*(*at)++ - '0');
    *ret_number = number;
    return *at > from && number < 100000;
}

/* `N` or `N-M`, both below `limit`. */
static bool parse_range(const char **at, unsigned limit, unsigned *ret_first, unsigned *ret_last)
{
    if (!parse_unsigned(at, ret_first))
        return false;
    *ret_last = *ret_first;
    if (**at == '-') {
        ++*at;
        if (!parse_unsigned(at, ret_last))
            return false;
    }
    return *ret_first <= *ret_last && *ret_last < limit;
}

static bool parse_arguments(const char *at, struct arena *arena, struct raw_section *section)
{
    switch (section->section) {
    case SCENARIO_DEVICE:
        return parse_range(&at, SCENARIO_DEVICE_MAX, &section->first, &section->last) && !*at;
    case SCENARIO_MIG:
        return parse_range(&at, SCENARIO_DEVICE_MAX, &section->first, &section->last) &&
               *at++ == ':' &&
               parse_range(&at, SCENARIO_MIG_MAX, &section->mig_first, &section->mig_last) && !*at;
    case SCENARIO_PROCESS:
        section->name = arena_strdup(arena, at);
        return *at && !at[strcspn(at, " \t{}[]$,")];
    default: return !*at;
    }
}

static int open_section(struct reader *reader, const char *heading)
{
    size_t word_len = strcspn(heading, " ");
    const char *arguments = heading + word_len + strspn(heading + word_len, " ");
    for (int kind = 0; kind < SCENARIO_SECTION_COUNT; kind++) {
        const char *name = scenario_sections[kind].name;
        if (strlen(name) != word_len || strncmp(name, heading, word_len))
            continue;
        struct raw_section section = { .section = (enum scenario_section)kind,
                                       .line = reader->line };
        if (!parse_arguments(arguments, reader->arena, &section))
            return scenario_complain(reader->error, reader->line, "[%s] must be written [%s]",
                                     heading, scenario_sections[kind].shape);
        struct raw_file *raw = reader->raw;
        if (raw->section_count == raw->section_cap) {
            raw->section_cap = MAX_OF(raw->section_cap * 2, (size_t)16);
            raw->sections = xreallocarray(raw->sections, raw->section_cap, sizeof(*raw->sections));
        }
        raw->sections[raw->section_count++] = section;
        return NVITOP_OK;
    }
    return scenario_complain(reader->error, reader->line, "unknown section [%s]", heading);
}

/* A heading that stands at the left margin. */
static void read_heading(struct reader *reader, const char *line, size_t len)
{
    const char *close = memchr(line, ']', len);
    size_t heading_len = close ? (size_t)(close - line) - 1 : 0;
    if (!close)
        scenario_complain(reader->error, reader->line, "the heading has no ]");
    else if (heading_len > HEADING_MAX)
        scenario_complain(reader->error, reader->line, "the heading is too long");
    if (reader->error->text[0])
        return;
    memcpy(reader->heading, line + 1, heading_len);
    reader->heading[heading_len] = 0;
    reader->has_heading = true;
    open_section(reader, reader->heading);
}

/* ---- lines ---- */

/* libinih's fgets: one line, or an empty one in place of a line that it would misread. */
static char *next_line(char *buffer, int size, void *context)
{
    struct reader *reader = context;
    if (reader->at == reader->end || reader->error->text[0])
        return NULL;
    const char *line = reader->at;
    const char *stop = memchr(line, '\n', (size_t)(reader->end - line));
    size_t len = (size_t)((stop ? stop : reader->end) - line);
    reader->at = stop ? stop + 1 : reader->end;
    reader->line++;
    reader->is_continued = len && (*line == ' ' || *line == '\t');
    if (len + 2 > (size_t)size)
        scenario_complain(reader->error, reader->line,
                          "longer than %d bytes (go on in an indented line)", size - 2);
    else if (memchr(line, 0, len))
        scenario_complain(reader->error, reader->line, "a zero byte");
    else if (len && *line == '[')
        read_heading(reader, line, len);
    if (reader->error->text[0])
        len = 0;
    memcpy(buffer, line, len);
    memcpy(buffer + len, "\n", 2);
    return buffer;
}

static const struct {
    const char *prefix;
    enum fault_kind kind;
} fault_prefixes[] = {
    { "error.", FAULT_ERROR },
    { "delay.", FAULT_DELAY },
    { "hang.", FAULT_HANG },
    { "freeze.", FAULT_FREEZE },
};

static bool identify_fault(const char *name, struct arena *arena, struct raw_setting *setting)
{
    for (size_t i = 0; i < ARRAY_LEN(fault_prefixes); i++) {
        const char *prefix = fault_prefixes[i].prefix;
        if (!str_has_prefix(name, prefix))
            continue;
        setting->fault = fault_prefixes[i].kind;
        setting->pattern = arena_strdup(arena, name + strlen(prefix));
        return true;
    }
    return false;
}

/* Which key is it? Complains if the section has no such key. */
static int identify(struct reader *reader, const struct raw_section *section, const char *name,
                    struct raw_setting *setting)
{
    const struct scenario_section_keys *known = &scenario_sections[section->section];
    setting->key = -1;
    if (known->takes_faults && identify_fault(name, reader->arena, setting)) {
        if (symbol_pattern_is_known(setting->pattern))
            return NVITOP_OK;
        return scenario_complain(reader->error, reader->line, "no symbol is called '%s'",
                                 setting->pattern);
    }
    for (unsigned key = 0; key < known->key_count; key++) {
        if (!strcmp(known->keys[key].name, name)) {
            setting->key = (int)key;
            return NVITOP_OK;
        }
    }
    return scenario_complain(reader->error, reader->line, "[%s] has no key '%.60s'", known->name,
                             name);
}

static void append_setting(struct raw_section *section, const struct raw_setting *setting)
{
    if (section->setting_count == section->setting_cap) {
        section->setting_cap = MAX_OF(section->setting_cap * 2, (size_t)8);
        section->settings =
            xreallocarray(section->settings, section->setting_cap, sizeof(*section->settings));
    }
    section->settings[section->setting_count++] = *setting;
}

/* libinih's handler: one `name = value`, or one more line of the value before. */
static int take_setting(void *context, const char *heading, const char *name, const char *value)
{
    struct reader *reader = context;
    if (reader->error->text[0])
        return 1;
    if (!reader->has_heading || strcmp(heading, reader->heading)) {
        scenario_complain(reader->error, reader->line,
                          "no section heading at the left margin comes before '%.60s'", name);
        return 1;
    }
    struct raw_section *section = &reader->raw->sections[reader->raw->section_count - 1];
    if (reader->is_continued && section->setting_count) {
        struct raw_setting *last = &section->settings[section->setting_count - 1];
        last->value = arena_printf(reader->arena, "%s %s", last->value, value);
        return 1;
    }
    struct raw_setting setting = { .line = reader->line,
                                   .value = arena_strdup(reader->arena, value) };
    if (identify(reader, section, name, &setting) == NVITOP_OK)
        append_setting(section, &setting);
    return 1;
}

int raw_file_read(const char *text, size_t len, struct arena *arena, struct raw_file *raw,
                  struct scenario_error *ret_error)
{
    struct reader reader = {
        .at = text,
        .end = text + len,
        .arena = arena,
        .raw = raw,
        .error = ret_error,
    };
    *raw = (struct raw_file){ 0 };
    *ret_error = (struct scenario_error){ 0 };
    int line = ini_parse_stream(next_line, &reader, take_setting, &reader);
    if (line && !ret_error->text[0])
        scenario_complain(ret_error, line > 0 ? (unsigned)line : 0,
                          "not a heading, a comment or KEY = VALUE");
    return ret_error->text[0] ? NVITOP_EINVAL : NVITOP_OK;
}

void raw_file_done(struct raw_file *raw)
{
    for (size_t i = 0; i < raw->section_count; i++)
        free(raw->sections[i].settings);
    free(raw->sections);
}
