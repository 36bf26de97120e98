/* Where things are: the launcher's own files, and its temporary folder. */
#ifndef NVITOP_SIM_LAUNCHER_PLACE_H
#define NVITOP_SIM_LAUNCHER_PLACE_H

#include <stdbool.h>

/*
 * A file that belongs to the launcher: `NAME` beside the program, or in share/nvitop or
 * lib/nvitop of the prefix it is installed in. Absolute, malloc'd; NULL if there is none.
 */
char *place_find(const char *name);
char *place_find_folder(const char *name); /* the folder it is in */

/* Where temporary folders are made: TMPDIR, if that is an absolute path, or /tmp. */
const char *place_root(void);

/* A folder of our own under place_root(). Its lock lives as long as a process keeps `lock`. */
struct place {
    char *path;
    int lock;
};

/* Also removes folders that earlier keepers left because they were killed. 0, or a negative
 * status with errno set. Others may read what is in the folder: pids are no secret, and the command
 * may be run as another user. */
int place_make(struct place *ret_place);

char *place_file(const struct place *place, const char *name); /* malloc'd path */

/* Removes the folder and the files in it. */
void place_remove(const struct place *place);

#endif
