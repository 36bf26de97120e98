/* The devices of a choice as one text: what CUDA_VISIBLE_DEVICES takes. */
#ifndef NVITOP_CMD_NVISEL_LIST_H
#define NVITOP_CMD_NVISEL_LIST_H

struct chooser;
struct choice;
struct str;

/* In their order, with `between` between them, in the format of the settings. */
void nvisel_list(const struct chooser *chooser, const struct choice *choice, const char *between,
                 struct str *out);

#endif
