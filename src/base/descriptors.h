/* The three standard descriptors, which a caller may have left closed. */
#ifndef NVITOP_BASE_DESCRIPTORS_H
#define NVITOP_BASE_DESCRIPTORS_H

/* Call first in main: whichever of stdin, stdout and stderr came closed is opened on /dev/null, for
 * reading, so that no file of ours (a pipe, a lock, the driver's device) takes its number and gets
 * what was meant for it; writing there still fails. */
void descriptors_hold(void);

#endif
