/* The keys that terminals send as sequences, one row each. */
#ifndef NVITOP_TUI_TERM_KEYS_H
#define NVITOP_TUI_TERM_KEYS_H

#include <stdint.h>

enum term_keys {
    TERM_KEYS_CSI,      /* Esc [ letter */
    TERM_KEYS_SS3,      /* Esc O letter */
    TERM_KEYS_CONSOLE,  /* Esc [ [ letter */
    TERM_KEYS_NUMBERED, /* Esc [ number ~ */
    TERM_KEYS_ENDS,     /* ~, and what stands in for it when keys are held: no key, modifiers */
};

struct term_key_row {
    int code; /* the letter or number */
    uint32_t key;
    unsigned modifiers;
};

const struct term_key_row *term_keys_find(enum term_keys keys, int code); /* NULL: none */

#endif
