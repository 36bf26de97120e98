/* Status codes in words, for logs and error lines. The codes are in nvitop/nvitop.h. */
#ifndef NVITOP_BASE_STATUS_H
#define NVITOP_BASE_STATUS_H

const char *status_text(int status); /* static, "unknown status" for a number we do not have */

#endif
