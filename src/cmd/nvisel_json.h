/* The answer of nvisel as JSON, described by schema/nvisel.schema.json. */
#ifndef NVITOP_CMD_NVISEL_JSON_H
#define NVITOP_CMD_NVISEL_JSON_H

struct chooser;
struct choice;
struct str;

/* Grows whenever a member goes away or means something else; not for new members. */
enum { NVISEL_JSON_SCHEMA = 1 };

/* Appends the object, indented, with a newline at its end. */
void nvisel_json(const struct chooser *chooser, const struct choice *choice, struct str *out);

#endif
