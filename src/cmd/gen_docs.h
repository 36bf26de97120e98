/* What the build prints from a program's table of options: manual parts and completions. */
#ifndef NVITOP_CMD_GEN_DOCS_H
#define NVITOP_CMD_GEN_DOCS_H

struct option_program;
struct option_row;
struct str;

/* The manual page: `template` with its @PARTS@ filled in. NULL, or the part that is unknown. */
const char *gen_man(const struct option_program *program, const char *template, struct str *out);

void gen_bash(const struct option_program *program, struct str *out);
void gen_zsh(const struct option_program *program, struct str *out);
void gen_fish(const struct option_program *program, struct str *out);
void gen_powershell(const struct option_program *program, struct str *out);

/* The first sentence of an option's help, without its full stop and without backquotes. */
void gen_summary(const struct option_row *row, struct str *out);

#endif
