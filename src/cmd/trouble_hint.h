/* What a person can do about a driver that does not open. Two files implement it,
 * trouble_hint_posix.c and trouble_hint_windows.c. */
#ifndef NVITOP_CMD_TROUBLE_HINT_H
#define NVITOP_CMD_TROUBLE_HINT_H

/* A sentence or two for a status of opening; never NULL. */
const char *trouble_hint(int status);

#endif
