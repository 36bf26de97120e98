/* Values as words: the one place where a value, or its absence, becomes text on a screen. Every
 * function takes the values of its metrics and writes at most TEXT_SIZE bytes. */
#ifndef NVITOP_VIEW_TEXT_H
#define NVITOP_VIEW_TEXT_H

#include <stdbool.h>

#include "base/value.h"

enum { TEXT_SIZE = 256 };

#define TEXT_NA "N/A"

/* Up to two values, as a field of a table names them; the second is N/A where there is none. */
struct text_values {
    struct value first, second;
};

void text_plain(const struct text_values *values, char ret_text[TEXT_SIZE]); /* as it stands */
void text_name(const struct text_values *values, char ret_text[TEXT_SIZE]);  /* without "NVIDIA " */
void text_profile(const struct text_values *values, char ret_text[TEXT_SIZE]); /* last word */
void text_on_off(const struct text_values *values, char ret_text[TEXT_SIZE]);  /* "On", "Off" */
void text_mig_mode(const struct text_values *values, char ret_text[TEXT_SIZE]);
void text_compute_mode(const struct text_values *values, char ret_text[TEXT_SIZE]);
void text_pstate(const struct text_values *values, char ret_text[TEXT_SIZE]);  /* "P2" */
void text_percent(const struct text_values *values, char ret_text[TEXT_SIZE]); /* "17%" */
void text_percent_max(const struct text_values *values,
                      char ret_text[TEXT_SIZE]);                               /* 100 is "MAX" */
void text_celsius(const struct text_values *values, char ret_text[TEXT_SIZE]); /* "-5C" */
void text_watts(const struct text_values *values, char ret_text[TEXT_SIZE]);   /* "66W" */
void text_power(const struct text_values *values, char ret_text[TEXT_SIZE]);   /* "66W / 250W" */
void text_bytes(const struct text_values *values, char ret_text[TEXT_SIZE]);   /* "967MiB" */
void text_memory(const struct text_values *values,
                 char ret_text[TEXT_SIZE]); /* "9MiB / 24.00GiB" */
void text_memory_padded(const struct text_values *values, char ret_text[TEXT_SIZE]);
void text_mhz(const struct text_values *values, char ret_text[TEXT_SIZE]); /* "@ 1815MHz" */
void text_throughput(const struct text_values *values,
                     char ret_text[TEXT_SIZE]); /* "1.2GiB/s", of KiB/s */
void text_number(const struct text_values *values, char ret_text[TEXT_SIZE]); /* rounded, no unit */
void text_cpu(const struct text_values *values, char ret_text[TEXT_SIZE]);    /* "9999+" at most */
void text_tenths(const struct text_values *values, char ret_text[TEXT_SIZE]); /* one decimal */
void text_seconds(const struct text_values *values, char ret_text[TEXT_SIZE]);
void text_uptime(const struct text_values *values,
                 char ret_text[TEXT_SIZE]); /* days from the first on */
void text_gib(const struct text_values *values, char ret_text[TEXT_SIZE]);  /* GiB at least */
void text_load(const struct text_values *values, char ret_text[TEXT_SIZE]); /* 5 columns */

/* Rounded to one decimal as it is printed: what every percentage is before it is used. */
double text_round_tenth(double value);

/* `text` cut to `columns` display columns; what is lost is marked by `mark` at that end. Writes
 * to ret_text and returns it, or returns `text` itself when it fits. */
const char *text_cut_end(const char *text, int columns, const char *mark, char ret_text[TEXT_SIZE]);
const char *text_cut_start(const char *text, int columns, const char *mark,
                           char ret_text[TEXT_SIZE]);

#endif
