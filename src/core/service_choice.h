/* Which GPUs are shown, where that is what CUDA may see: it takes the identity of every GPU, and
 * one that does not answer must not keep the others waiting. */
#ifndef NVITOP_CORE_SERVICE_CHOICE_H
#define NVITOP_CORE_SERVICE_CHOICE_H

#include <stdbool.h>

struct service;

/* Goes on with it as far as the answers allow; never waits. True: what is shown has changed. */
bool service_choose(struct service *service);

#endif
