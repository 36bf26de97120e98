/* For how long each device has kept its bounds, over many looks. */
#ifndef NVITOP_SELECT_STEADY_H
#define NVITOP_SELECT_STEADY_H

#include <stdint.h>

struct selection;
struct steady;

struct steady *steady_new(void);
void steady_free(struct steady *steady); /* NULL is fine */

/* One look, taken at `now_ns` of any clock that never goes back, judged and not yet ranked. Whoever
 * was not SPARE at it begins anew; whoever has not been for `enough_ns` becomes UNSTEADY. */
void steady_look(struct steady *steady, struct selection *selection, uint64_t now_ns,
                 uint64_t enough_ns);

#endif
