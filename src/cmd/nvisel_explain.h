/* Why each device was taken or refused. */
#ifndef NVITOP_CMD_NVISEL_EXPLAIN_H
#define NVITOP_CMD_NVISEL_EXPLAIN_H

struct chooser;
struct choice;

/* A table on stderr: those that were taken, then the others. */
void nvisel_explain(const struct chooser *chooser, const struct choice *choice);

#endif
