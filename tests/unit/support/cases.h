/*
 * Case files: one case a line, `input | expected`, blanks around both trimmed; lines that start
 * with # are comments. In either part \n \e \t \\ and \xHH are escapes, and "" is the empty text.
 */
#ifndef TESTS_CASES_H
#define TESTS_CASES_H

#include <stddef.h>

/* What is tested: input (len bytes, NUL-terminated) → malloc'd text to compare with `expected`. */
typedef char *cases_fn(const char *input, size_t len);

/* Runs every case of $NVITOP_CASES/NAME.case; prints each that fails with file and line. Returns
 * the number of failures; a file without a case is a failure too. */
int cases_run(const char *name, cases_fn *fn);

#endif
