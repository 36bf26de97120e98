/* How often what was asked for, and how it was answered: counts by path and status. */
#ifndef NVITOP_EXPORTER_TALLY_H
#define NVITOP_EXPORTER_TALLY_H

#include <stddef.h>
#include <stdint.h>

struct exposition;

enum { TALLY_ROWS_MAX = 32 };

struct tally {
    struct tally_row {
        const char *path; /* of answer_path, NULL: any other */
        unsigned status;
        uint64_t count;
    } rows[TALLY_ROWS_MAX];
    size_t row_count;
};

/* One that is told from the beginning, 0 as long as nobody asks. */
void tally_expect(struct tally *tally, const char *path, unsigned status);

void tally_add(struct tally *tally, const char *path, unsigned status);

/* The family of these counts. */
void tally_put(const struct tally *tally, struct exposition *exposition);

#endif
