/*
 * The configuration file, an INI file: `key = value` lines, alone or under [nvitop] (the program's
 * name). A key is the long name of an option that has one in the table (`mode` for --monitor).
 * Never fatal: what can't be used is a warning and the rest still counts.
 * inih tells no line numbers to its handler, so the reader counts the lines it hands out.
 */
#include "cmd/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "base/environment.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "cmd/option_table.h"
#include "cmd/options.h"
#include "cmd/place.h"

enum { VALUES_MAX = 8 };

struct reading {
    struct options_run *run;
    FILE *file;
    const char *path;
    int line;
};

static void warn_at(struct reading *reading, int line)
{
    struct options_run *run = reading->run;
    str_printf(&run->warnings, "%s: warning: %s:", run->program->name,
               utf8_printable(&run->arena, reading->path, strlen(reading->path)));
    if (line)
        str_printf(&run->warnings, "%d:", line);
    str_append_char(&run->warnings, ' ');
}

static void warn_text(struct reading *reading, const char *before, const char *text)
{
    warn_at(reading, reading->line);
    str_append(&reading->run->warnings, before);
    if (text)
        option_quote(text, &reading->run->warnings);
    str_append_char(&reading->run->warnings, '\n');
}

/* One line for inih. What does not fit its buffer is dropped, not taken for a line of its own. */
static char *read_line(char *buffer, int size, void *stream)
{
    struct reading *reading = stream;
    if (!fgets(buffer, size, reading->file))
        return NULL;
    reading->line++;
    if (strchr(buffer, '\n') || feof(reading->file))
        return buffer;
    warn_text(reading, "line too long, its end is ignored", NULL);
    int byte;
    while ((byte = getc(reading->file)) != EOF && byte != '\n')
        ;
    return buffer;
}

/* Values stand apart by blanks or commas. */
static size_t split_values(struct arena *arena, const char *text, const char *values[VALUES_MAX])
{
    size_t count = 0;
    while (*(text += strspn(text, " \t,")) && count < VALUES_MAX) {
        size_t len = strcspn(text, " \t,");
        values[count++] = arena_strndup(arena, text, len);
        text += len;
    }
    return count;
}

static void set(struct reading *reading, const struct option_row *row, const char *text)
{
    struct str why = { 0 };
    const char *values[VALUES_MAX] = { NULL };
    struct option_call call = { .row = row,
                                .settings = reading->run->settings,
                                .arena = &reading->run->arena,
                                .values = values,
                                .count = split_values(&reading->run->arena, text, values),
                                .is_default = true,
                                .err = &why };
    bool is_one = row->arity == ARITY_NONE || row->arity == ARITY_ONE ||
                  row->arity == ARITY_OPTIONAL || row->arity == ARITY_ATTACHED;
    if (is_one && call.count != 1)
        str_append(&why, "expected one value");
    else
        row->set(&call);
    if (why.len) {
        warn_at(reading, reading->line);
        str_printf(&reading->run->warnings, "%s: %s\n", row->key, str_text(&why));
    }
    str_done(&why);
}

static int take_entry(void *user, const char *section, const char *name, const char *value)
{
    struct reading *reading = user;
    const struct option_program *program = reading->run->program;
    if (*section && strcmp(section, program->name) != 0) {
        warn_text(reading, "unknown section ", section);
        return 1;
    }
    const struct option_row *row = option_by_key(program, name);
    if (row)
        set(reading, row, value);
    else
        warn_text(reading, "unknown key ", name);
    return 1;
}

void config_read_stream(struct options_run *run, FILE *file, const char *path)
{
    struct reading reading = { .run = run, .file = file, .path = path };
    int bad_line = ini_parse_stream(read_line, &reading, take_entry, &reading);
    if (bad_line > 0) {
        warn_at(&reading, bad_line);
        str_append(&run->warnings, "neither `key = value` nor `[section]`\n");
    }
}

/* Where the file is, by the values of the two variables; NULL: nowhere. */
static char *path_under(const char *base, const char *home)
{
    struct str path = { 0 };
    if (base && place_is_absolute(base))
        str_printf(&path, "%s/nvitop/config.ini", base);
    else if (home && place_is_absolute(home))
        str_printf(&path, "%s/%snvitop/config.ini", home, place_home.folder);
    else
        return NULL;
    return str_take(&path);
}

char *config_path(void)
{
    return path_under(environment_get("XDG_CONFIG_HOME"), environment_get(place_home.variable));
}

void config_read(struct options_run *run)
{
    char *path = path_under(options_variable(run, "XDG_CONFIG_HOME"),
                            options_variable(run, place_home.variable));
    FILE *file = path ? place_open(path) : NULL;
    if (file) {
        config_read_stream(run, file, path);
        fclose(file);
    } else if (path && errno != ENOENT && errno != ENOTDIR) {
        struct reading reading = { .run = run, .path = path };
        warn_at(&reading, 0);
        str_printf(&run->warnings, "%s\n",
                   errno == EINVAL ? "not a regular file" : strerror(errno));
    }
    free(path);
}
