/*
 * A snapshot as CSV (RFC 4180 but for the ends of lines, which are the system's).
 *
 * The finest thing that is asked about makes the rows: a row a process, else a row a device, else
 * one row for the host; what is asked of the others is repeated in each row. Columns that say what
 * the row is about come first, then the metrics as they were asked for. Not available is an empty
 * field; a text that is empty has quotes.
 */
#ifndef NVITOP_REPORT_SNAPSHOT_CSV_H
#define NVITOP_REPORT_SNAPSHOT_CSV_H

struct query;
struct snapshot;
struct str;

/* Appends the header line. */
void snapshot_csv_header(const struct query *query, struct str *out);

/* Appends the rows, whole lines each. */
void snapshot_csv_rows(const struct snapshot *snapshot, const struct query *query, struct str *out);

/* A field as it must be quoted; for other tables than this one. */
void snapshot_csv_text(const char *text, struct str *out);

#endif
