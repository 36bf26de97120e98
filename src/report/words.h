/* The words that machines read: those of reasons, states, units and kinds in JSON and CSV. They are
 * part of the format: none is ever changed. */
#ifndef NVITOP_REPORT_WORDS_H
#define NVITOP_REPORT_WORDS_H

#include <stddef.h>

/* A list of words by the number that they stand for. */
struct words {
    const char *const *list;
    size_t count;
};

extern const struct words words_why;       /* enum nvitop_why: "not_supported" */
extern const struct words words_unit;      /* enum nvitop_unit: "bytes"; "none" */
extern const struct words words_kind;      /* enum nvitop_kind: "integer" */
extern const struct words words_scope;     /* enum nvitop_scope: "device" */
extern const struct words words_condition; /* enum device_condition: "ok" */
extern const struct words words_presence;  /* enum process_presence: "here" */
extern const struct words words_driver;    /* enum driver_state: "ok" */

/* The word for a number; "unknown" for one that has none. */
const char *words_of(const struct words *words, int number);

#endif
