/*
 * libcuda, the little we want of it: the UUIDs of its GPUs, in its own order. Optional; absent is
 * a normal answer. Called only in a process of its own, for libcuda may print, hang or crash.
 */
#ifndef NVITOP_CUDA_CUDA_H
#define NVITOP_CUDA_CUDA_H

struct str;

/* Appends one line `GPU-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` per GPU. NVITOP_ENOLIB without
 * libcuda, NVITOP_ENOSYMBOL if it is too old, NVITOP_ENODRIVER if a call fails; then nothing is
 * appended. */
int cuda_list_uuids(struct str *ret_lines);

#endif
