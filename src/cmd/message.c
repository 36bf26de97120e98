/* Messages: one row per kind. Texts that may carry bytes from outside are made printable here. */
#include "cmd/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/utf8.h"

static const struct {
    const char *label, *colour;
    bool is_error;
} kinds[] = {
    [MESSAGE_FATAL] = { "FATAL ERROR:", "\033[1m\033[31m", true },
    [MESSAGE_NVML] = { "NVML ERROR:", "\033[1m\033[31m", true },
    [MESSAGE_ERROR] = { "ERROR:", "\033[1m\033[31m", true },
    [MESSAGE_WARNING] = { "WARNING:", "\033[1m\033[33m", false },
    [MESSAGE_HINT] = { "HINT:", "\033[1m\033[32m", false },
};

void message_add(struct messages *messages, enum message_kind kind, const char *format, ...)
{
    char *raw = NULL;
    va_list args;
    va_start(args, format);
    int len = vasprintf(&raw, format, args);
    va_end(args);
    if (len < 0)
        abort();
    struct arena arena = { 0 };
    const char *label = kinds[kind].label;
    const char *text = utf8_printable(&arena, raw, (size_t)len);
    if (messages->is_colour)
        str_printf(&messages->text, "%s%s\033[0m %s\n", kinds[kind].colour, label, text);
    else
        str_printf(&messages->text, "%s %s\n", label, text);
    messages->has_error |= kinds[kind].is_error;
    arena_done(&arena);
    free(raw);
}

void messages_write(struct messages *messages)
{
    fputs(str_text(&messages->text), stderr);
    fflush(stderr);
    str_clear(&messages->text);
}

int messages_flush(struct messages *messages)
{
    messages_write(messages);
    int status = messages->has_error ? EXIT_FAILURE : EXIT_SUCCESS;
    str_done(&messages->text);
    return status;
}
