/*
 * Keys and mouse reports out of the bytes a terminal sends. No I/O and no clock: whoever reads the
 * terminal adds bytes and says what time it is.
 */
#ifndef NVITOP_TUI_TERM_INPUT_H
#define NVITOP_TUI_TERM_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/term.h"

enum { TERM_INPUT_SIZE = 256, TERM_INPUT_PARAMS = 4 };

/* Its fields are term_input.c's own; {0} but for the settings is a fresh one. */
struct term_input {
    int esc_ms;              /* setting: how long an Esc may be the beginning of more */
    unsigned char backspace; /* setting: what Backspace sends, if not 127; else 0 */

    unsigned char bytes[TERM_INPUT_SIZE]; /* not looked at yet: [head, tail) */
    size_t head, tail;
    uint64_t at_ns;       /* when the newest byte was added */
    uint64_t late_esc_ns; /* when an Esc came that has just been told for want of more; else 0 */
    unsigned state;
    bool is_alt;   /* an Esc came before it */
    bool is_begun; /* more than the introducer has come */
    bool is_odd;   /* with parts that no known sequence has */
    char prefix;   /* of < = > ?, else 0 */
    int params[TERM_INPUT_PARAMS], param_count;
    unsigned char text[4]; /* of a character or a report */
    size_t text_len, text_wanted;
};

/* Where the next bytes may be put, and how many; call it only when term_input_next found nothing,
 * then there always is room. */
unsigned char *term_input_room(struct term_input *input, size_t *ret_size);
void term_input_added(struct term_input *input, size_t len, uint64_t now_ns);

/* The next event of the bytes that are there; false: there is none. */
bool term_input_next(struct term_input *input, struct term_event *ret_event);

/* What was begun has not gone on until now_ns: an event of it, if its time is over. Only after
 * the terminal had nothing more to read at now_ns. */
bool term_input_late(struct term_input *input, uint64_t now_ns, struct term_event *ret_event);

/* Milliseconds from now_ns until that may be; -1: nothing is begun. */
int term_input_wait_ms(const struct term_input *input, uint64_t now_ns);

#endif
