/* Verdicts in words and as numbers with units, for people. */
#ifndef NVITOP_SELECT_WHY_H
#define NVITOP_SELECT_WHY_H

#include "base/value.h"
#include "select/select.h"

struct str;

/* "free memory 2000MiB, at least 5120MiB wanted"; `sustain_s` is what steadiness was wanted. */
void select_why(const struct select_wish *wish, const struct select_verdict *verdict,
                double sustain_s, struct str *out);

/* "11018MiB", "30%", "N/A" */
void select_value_text(enum select_id id, struct value value, struct str *out);

/* One word for each fate, for programs: "taken", "bound", … */
const char *select_fate_word(enum select_fate fate);

#endif
