/* What nvisel says: the answer on stdout, all else on stderr. */
#ifndef NVITOP_CMD_NVISEL_PRINT_H
#define NVITOP_CMD_NVISEL_PRINT_H

struct chooser;
struct choice;
struct str;

/* The devices of the choice, as the settings want them written. */
void nvisel_print(const struct chooser *chooser, const struct choice *choice);

/* The devices of the choice with `between` between them. */
void nvisel_list(const struct chooser *chooser, const struct choice *choice, const char *between,
                 struct str *out);

/* The table of verdicts. */
void nvisel_explain(const struct chooser *chooser, const struct choice *choice);

#endif
