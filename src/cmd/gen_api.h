/* What the build prints from the public header and the metric table. */
#ifndef NVITOP_CMD_GEN_API_H
#define NVITOP_CMD_GEN_API_H

#include "cmd/header_read.h"

struct metric;
struct str;

/* What the parts of the manual's template are made from. */
struct gen_api_sources {
    const struct header *header;
    const char *example; /* a whole program */
    const char *version;
};

/* The manual page: `template` with its @PARTS@ filled in. NULL, or the part that is unknown. */
const char *gen_api_man(const struct gen_api_sources *sources, const char *template,
                        struct str *out);

/* The header with a comment behind each metric and a group around each section, line for line:
 * what Doxygen reads. */
void gen_api_filter(const struct header *header, const char *text, struct str *out);

/* The metric whose enumerator the line `NAME[ = NUMBER][,]` is, or NULL; `*next` is the id that an
 * enumerator without a number gets, and is counted on. */
const struct metric *gen_api_metric(const char *line, int *next);

/* The first declaration or member without a comment, or NULL; a metric's is its row of the table.
 */
const char *gen_api_undocumented(const struct header *header);

/* What a metric is, in sentences: its help, its name, its unit in the header's words. */
void gen_api_metric_words(const struct header *header, const struct metric *metric,
                          struct str *out);

#endif
