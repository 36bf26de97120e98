/* What the exporter tells of itself, under the names that all clients of Prometheus use. */
#ifndef NVITOP_EXPORTER_OWN_H
#define NVITOP_EXPORTER_OWN_H

struct exposition;
struct own;

/* Reads /proc of this process whenever it is asked; where there is none, nothing is told. Of one
 * thread at a time. */
struct own *own_new(void);
void own_free(struct own *own); /* NULL is fine */

/* The families of the process: CPU time, memory, start. */
void own_put(struct own *own, struct exposition *exposition);

#endif
