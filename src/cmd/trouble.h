/* Why there is no report: what the driver said, and what a person can do about it. */
#ifndef NVITOP_CMD_TROUBLE_H
#define NVITOP_CMD_TROUBLE_H

struct messages;
struct nvml_failure;

/* Seconds that the driver has to wake up, and after how many a line says that we wait. */
enum { TROUBLE_INIT_S = 30, TROUBLE_NOTICE_S = 3 };

/* Says on stderr, now, that the driver is waited for. */
void trouble_waiting(void);

/* One error line and one hint. `nvml_path`: the library that the user named, NULL: none. */
void trouble_explain(struct messages *messages, const struct nvml_failure *failure,
                     const char *nvml_path);

#endif
