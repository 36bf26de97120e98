/* What goes wrong with a driver call, and when: the values of error., delay., hang. and freeze.
 * keys. */
#ifndef NVITOP_SIM_FAULT_H
#define NVITOP_SIM_FAULT_H

#include <stdbool.h>

enum fault_kind { FAULT_ERROR, FAULT_DELAY, FAULT_HANG, FAULT_FREEZE, FAULT_KIND_COUNT };

struct fault {
    enum fault_kind kind;
    const char *pattern; /* a symbol, or its beginning and `*` */
    int code;            /* FAULT_ERROR */
    double seconds;      /* FAULT_DELAY */
    unsigned after;      /* so many calls are spared */
    unsigned times;      /* then so many are hit; 0 = all */
    double at, until;    /* only in this part of the scenario's time; until 0 = for ever */
};

/* `CODE [after N] [times N] [at T] [until T]`, with a duration for delays and `yes` for hangs and
 * freezes instead of CODE. 0, or NVITOP_EINVAL with *ret_why a static sentence. */
int fault_parse(const char *text, struct fault *fault, const char **ret_why);

bool fault_pattern_matches(const char *pattern, const char *symbol);

/* Does it hit the call number `call` (from 0) at time `t`? */
bool fault_hits(const struct fault *fault, unsigned call, double t);

#endif
