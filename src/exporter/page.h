/* The files of the page, as they are in src/exporter/www. The build makes the table
 * (src/cmd/gen_pages.c). */
#ifndef NVITOP_EXPORTER_PAGE_H
#define NVITOP_EXPORTER_PAGE_H

#include <stddef.h>

struct page {
    const char *name; /* "index.html" */
    const unsigned char *bytes;
    size_t len;
};

extern const struct page pages[];
extern const size_t page_count;

#endif
