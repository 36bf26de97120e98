/*
 * The file is written anew beside the old one and then takes its place, so that it is never half
 * written. Invariant: it is not touched where the effective user does not own the home directory
 * (`sudo nvitop` must not leave files of root's in a user's home).
 */
#include "cmd/remember.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/columns.h"
#include "cmd/config.h"
#include "cmd/place.h"
#include "tui/app_options.h"

enum { LINE_SIZE = 4096 };

/* What is remembered. */
enum { MODE, NO_HOST, PCIE, HIDE_COLUMNS, KEYS };

/* One key of ours, and the line that it becomes; an empty one is left out. */
struct entry {
    const char *key;
    unsigned setting; /* of enum app_setting */
    char line[256];
    bool is_changed, is_written;
};

static void put_line(struct entry *entry, const char *value)
{
    snprintf(entry->line, sizeof(entry->line), "%s = %.200s\n", entry->key, value);
}

static void make_entries(const struct app_settings *settings, struct entry entries[KEYS])
{
    static const char *const yes_no[] = { "no", "yes" };
    struct str names = { 0 };
    columns_names(settings->hidden_columns, " ", &names);
    put_line(&entries[MODE], view_mode_words[settings->mode]);
    put_line(&entries[NO_HOST], yes_no[settings->is_host_hidden]);
    put_line(&entries[PCIE], yes_no[settings->has_pcie_bars]);
    if (names.len)
        put_line(&entries[HIDE_COLUMNS], str_text(&names));
    str_done(&names);
}

/* The entry whose key begins this line; NULL: none of ours. */
static struct entry *entry_of(const char *line, struct entry entries[KEYS])
{
    line += strspn(line, " \t");
    size_t len = strcspn(line, " \t=:\n");
    for (size_t i = 0; i < KEYS; i++)
        if (entries[i].is_changed && strlen(entries[i].key) == len &&
            strncasecmp(line, entries[i].key, len) == 0)
            return &entries[i];
    return NULL;
}

static void write_entry(struct entry *entry, FILE *to)
{
    if (entry->is_changed && !entry->is_written)
        fputs(entry->line, to);
    entry->is_written = true;
}

/* Ours stand before the first section of another program, if there is one. */
static void rewrite(FILE *from, FILE *to, struct entry entries[KEYS])
{
    char line[LINE_SIZE];
    bool is_line_start = true, is_ours = true;
    while (from && fgets(line, sizeof(line), from)) {
        bool is_section = is_line_start && line[strspn(line, " \t")] == '[';
        if (is_section && is_ours && !strstr(line, "[nvitop]")) {
            for (size_t i = 0; i < KEYS; i++)
                write_entry(&entries[i], to);
            is_ours = false;
        }
        struct entry *entry = is_line_start && is_ours ? entry_of(line, entries) : NULL;
        if (entry)
            write_entry(entry, to);
        else
            fputs(line, to);
        is_line_start = line[strlen(line) - 1] == '\n';
    }
    if (!is_line_start)
        fputc('\n', to);
    for (size_t i = 0; i < KEYS; i++)
        write_entry(&entries[i], to);
}

static bool make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        bool is_there = place_make_folder(path);
        *slash = '/';
        if (!is_there)
            return false;
    }
    return true;
}

/* The file as it is to be, under another name. */
static bool write_beside(const char *path, const char *beside, struct entry entries[KEYS])
{
    FILE *to = place_create(beside), *from = to ? place_open(path) : NULL;
    if (!to)
        return false;
    rewrite(from, to, entries);
    if (from)
        fclose(from);
    bool is_good = fflush(to) == 0 && !ferror(to);
    return fclose(to) == 0 && is_good;
}

static const char *replace(char *path, struct entry entries[KEYS])
{
    struct str beside = { 0 };
    char *real = place_resolve(path); /* a link stays a link */
    str_printf(&beside, "%s.new", real ? real : path);
    bool is_good = make_folders(path) && write_beside(path, str_text(&beside), entries) &&
                   place_replace(str_text(&beside), real ? real : path);
    int why = errno;
    if (!is_good)
        place_discard(str_text(&beside));
    str_done(&beside);
    free(real);
    return is_good ? NULL : strerror(why);
}

const char *remember_settings(const struct app_settings *settings, unsigned changed)
{
    struct entry entries[KEYS] = {
        [MODE] = { .key = "mode", .setting = SETTING_MODE },
        [NO_HOST] = { .key = "no-host", .setting = SETTING_HOST },
        [PCIE] = { .key = "pcie", .setting = SETTING_PCIE },
        [HIDE_COLUMNS] = { .key = "hide-columns", .setting = SETTING_COLUMNS },
    };
    const char *why = place_why_not_ours();
    char *path = why ? NULL : config_path();
    if (!path)
        return why ? why : "no variable says where configurations are";
    make_entries(settings, entries);
    for (size_t i = 0; i < KEYS; i++)
        entries[i].is_changed = (entries[i].setting & changed) != 0;
    why = replace(path, entries);
    free(path);
    return why;
}
