/*
 * stdout has nothing but the devices: who writes `$(nvisel)` gets what CUDA takes. Who can't see
 * stdout is told on stderr what went there.
 */
#include "cmd/nvisel_print.h"

#include <stdio.h>
#include <unistd.h>

#include "base/str.h"
#include "cmd/nvisel_choose.h"
#include "cmd/nvisel_json.h"
#include "cmd/nvisel_list.h"
#include "cmd/options_nvisel.h"

/* A NUL behind each, the last one too. */
static void put_nulls(const struct chooser *chooser, const struct choice *choice)
{
    struct str list = { 0 };
    nvisel_list(chooser, choice, "\n", &list);
    if (list.len)
        str_append_char(&list, '\n');
    for (size_t i = 0; i < list.len; i++)
        fputc(list.data[i] == '\n' ? 0 : list.data[i], stdout);
    str_done(&list);
}

static void put_list(const struct chooser *chooser, const struct choice *choice)
{
    struct str list = { 0 };
    nvisel_list(chooser, choice, chooser->settings->separator, &list);
    printf("%s\n", str_text(&list));
    str_done(&list);
}

/* Who can't see stdout is told what went there. */
static void tell_list(const struct chooser *chooser, const struct choice *choice)
{
    struct str list = { 0 };
    nvisel_list(chooser, choice, ",", &list);
    fprintf(stderr, "CUDA_VISIBLE_DEVICES=\"%s\"\n", str_text(&list));
    str_done(&list);
}

static void put_json(const struct chooser *chooser, const struct choice *choice)
{
    struct str text = { 0 };
    nvisel_json(chooser, choice, &text);
    fputs(str_text(&text), stdout);
    str_done(&text);
}

void nvisel_print(const struct chooser *chooser, const struct choice *choice)
{
    const struct nvisel_settings *settings = chooser->settings;
    if (settings->is_json) {
        put_json(chooser, choice);
        return;
    }
    if (!isatty(STDOUT_FILENO))
        tell_list(chooser, choice);
    if (settings->is_null)
        put_nulls(chooser, choice);
    else
        put_list(chooser, choice);
}
