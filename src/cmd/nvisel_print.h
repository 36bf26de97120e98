/* The answer of nvisel on stdout. */
#ifndef NVITOP_CMD_NVISEL_PRINT_H
#define NVITOP_CMD_NVISEL_PRINT_H

struct chooser;
struct choice;

/* The devices of the choice, as the settings want them written. */
void nvisel_print(const struct chooser *chooser, const struct choice *choice);

#endif
