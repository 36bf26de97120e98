/* The JSON Schema of what is written, made from the same tables; schema/snapshot.schema.json is a
 * copy of it, and a test compares the two. */
#ifndef NVITOP_REPORT_SCHEMA_H
#define NVITOP_REPORT_SCHEMA_H

struct str;

/* Appends the schema (draft 2020-12), ended by a newline. */
void schema_write(struct str *out);

#endif
