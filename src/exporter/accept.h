/* What a client would like, as RFC 9110 has it: lists of names with weights. */
#ifndef NVITOP_EXPORTER_ACCEPT_H
#define NVITOP_EXPORTER_ACCEPT_H

enum { ACCEPT_NOT_NAMED = -1, ACCEPT_WEIGHT_MAX = 1000 };

/* How much this name weighs in the header (NULL: none), in thousandths; the most if it is there
 * more than once. Names are compared as they are: `*` is a name like another. */
int accept_weight(const char *header, const char *name);

#endif
