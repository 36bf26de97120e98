/* The program that asks the CUDA driver for its order. */
#ifndef NVITOP_API_HELPER_H
#define NVITOP_API_HELPER_H

/* Where it is, malloc'd: in the tree that the library is in, wherever that was put, else where it
 * was to be installed. */
char *helper_find(void);

#endif
