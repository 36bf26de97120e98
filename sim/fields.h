/* Field values: what nvmlDeviceGetFieldValues can be asked, and the counters behind it. */
#ifndef NVITOP_SIM_FIELDS_H
#define NVITOP_SIM_FIELDS_H

struct call;

/* The energy used so far, mJ. Returns the code to answer with. */
int fields_energy(const struct call *call, double *ret_mj);

#endif
