/* JSON values as jansson keeps them, made so that none gets lost: no memory ends the program, and a
 * text that is no UTF-8 is made so. */
#ifndef NVITOP_REPORT_NODE_H
#define NVITOP_REPORT_NODE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/value.h"

struct str;

json_t *node_object(void);
json_t *node_array(void);
json_t *node_int(int64_t i);
json_t *node_index(int32_t index); /* less than 0, there is none: null */
json_t *node_real(double r);       /* null if it is none that JSON knows */
json_t *node_bool(bool b);
json_t *node_text(const char *text);    /* NULL: null */
json_t *node_value(struct value value); /* N/A: null */

/* `node` becomes a member, or the last element; it belongs to the other then. Returns it. */
json_t *node_put(json_t *object, const char *name, json_t *node);
json_t *node_add(json_t *array, json_t *node);
/* A member; of one that is N/A, `unavailable` has the reason under the same name. */
void node_put_value(json_t *object, json_t *unavailable, const char *name, struct value value);

/* The members of `from`, which is freed, become those of `object`. */
void node_merge(json_t *object, json_t *from);

/* Appends it as text, indented or on one line without a newline at its end; frees it. Numbers have
 * 15 digits, which any decimal fraction of so many survives as it was. */
void node_write(json_t *node, bool is_pretty, struct str *out);

#endif
