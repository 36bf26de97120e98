/* The public header as data: what the build prints the manual and the reference from. */
#ifndef NVITOP_CMD_HEADER_READ_H
#define NVITOP_CMD_HEADER_READ_H

#include <stddef.h>

#include "base/arena.h"

/* A member of a struct or an enum. */
struct header_member {
    const char *code;    /* "uint8_t kind", "NVITOP_EINVAL = -1" */
    const char *comment; /* "" without one */
};

/* A section or a declaration, whichever `code` says. */
struct header_item {
    const char *code;    /* "enum nvitop_kind", "int nvitop_abi_version(void)"; NULL: a section */
    const char *comment; /* in one line; of a section its title */
    struct header_member *members;
    size_t member_count;
};

struct header {
    struct arena arena; /* all texts */
    struct header_item *items;
    size_t count;
};

/* Reads what stands between CFFI-BEGIN and CFFI-END. 0, or -1: the marks are missing, or a
 * declaration does not end. Free with header_done either way. */
int header_read(const char *text, struct header *ret_header);
void header_done(struct header *header);

/* The declaration with exactly this code, or NULL. */
const struct header_item *header_find(const struct header *header, const char *code);

/* Is the line `/` `* ---- TITLE ---- *` `/`? Its title, with `*ret_len`, or NULL. */
const char *header_section(const char *line, size_t *ret_len);

#endif
