/* In the child of a fork, what was made before becomes the child's when it is first used. */
#include <unistd.h>

#include "api/api.h"

void api_adopt(atomic_long *owner, void (*renew)(void *object), void *object)
{
    long own = (long)getpid();
    for (long pid = atomic_load(owner); pid != own; pid = atomic_load(owner)) {
        if (pid == -own || !atomic_compare_exchange_strong(owner, &pid, -own))
            continue;
        renew(object);
        atomic_store(owner, own);
    }
}
