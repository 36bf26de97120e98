/*
 * Lines for stderr. They are kept until the report is out, in the order found; an error makes
 * the exit status 1, hints and warnings leave it.
 */
#ifndef NVITOP_CMD_MESSAGE_H
#define NVITOP_CMD_MESSAGE_H

#include <stdbool.h>

#include "base/str.h"

enum message_kind {
    MESSAGE_FATAL,   /* FATAL ERROR: */
    MESSAGE_NVML,    /* NVML ERROR: */
    MESSAGE_ERROR,   /* ERROR: */
    MESSAGE_WARNING, /* WARNING: */
    MESSAGE_HINT,    /* HINT: */
};

struct messages {
    struct str text;
    bool is_colour, has_error;
};

void message_add(struct messages *messages, enum message_kind kind, const char *format, ...)
    __attribute__((format(NVITOP_PRINTF, 3, 4)));

/* Writes those that are there to stderr, now. */
void messages_write(struct messages *messages);

/* Writes what is left to stderr, frees them, and returns the exit status. */
int messages_flush(struct messages *messages);

#endif
