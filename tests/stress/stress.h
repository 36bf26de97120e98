/*
 * What the stress programs share. They stand where programs of others do: on the public header and
 * the shared library, and nothing else of ours. A program ends at the first thing that is not as
 * promised, says where on stderr, and exits with 1.
 */
#ifndef NVITOP_TESTS_STRESS_H
#define NVITOP_TESTS_STRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nvitop/nvitop.h"

#define LEN(array) (sizeof(array) / sizeof(*(array)))

/* What must hold. */
#define NEED(condition) need((condition), #condition, 0, __FILE__, __LINE__)
/* The call must give this status. */
#define GIVES(status, call) needs_status((status), (call), #call, __FILE__, __LINE__)
#define GOES_WELL(call) GIVES(NVITOP_OK, call)

void need(bool holds, const char *what, long detail, const char *file, int line);
void needs_status(int wanted, int got, const char *what, const char *file, int line);

/* One of the statuses that a driver which comes and goes may give. */
bool is_driver_trouble(int status);

/* A session over one library; timeouts of 0 are the defaults. */
struct nvitop_session *open_session(const char *library, uint32_t open_ms, uint32_t read_ms);

/* A value is whole: a number that is one, a text that is printable UTF-8, or a reason. */
void need_whole(const struct nvitop_value *value);
/* All of a snapshot: each metric of each row is whole. Returns how many rows are in `condition`. */
size_t need_whole_snapshot(const struct nvitop_snapshot *snapshot, int condition);

/* Threads that a checker starts for itself with the program's first one. */
#ifdef __SANITIZE_THREAD__
enum { CHECKER_THREADS = 1 };
#else
enum { CHECKER_THREADS = 0 };
#endif

double now(void); /* seconds of the monotonic clock */

/* What this process has now. */
long thread_count(void);
long descriptor_count(void);
long resident_kib(void);
/* Until there are no more threads than so many, for a thread takes a moment to be gone. */
bool threads_fall_to(long count, double seconds);

/* A thread that runs until *is_over, counting its rounds. */
void start_thread(void *(*run)(void *arg), void *arg);
void join_threads(void); /* all of them */

#endif
