/* Where things are: the launcher's own files, and its temporary ones. launcher_place.c has
 * what is the same everywhere; launcher_place_posix.c or launcher_place_windows.c, the rest. */
#ifndef NVITOP_SIM_LAUNCHER_PLACE_H
#define NVITOP_SIM_LAUNCHER_PLACE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A file that belongs to the launcher: `NAME` beside the program, or in share/nvitop or
 * lib/nvitop of the prefix it is installed in. Absolute, malloc'd; NULL if there is none.
 */
char *place_find(const char *name);
char *place_find_folder(const char *name); /* the folder it is in */

/* A file that somebody names, from the root on, malloc'd; as it was if there is none. */
char *place_absolute(const char *path);
bool place_is_file(const char *path); /* and no folder */

/* The names in a folder that end so, sorted; the list and each name malloc'd. Their number. */
size_t place_list(const char *folder, const char *ending, char ***ret_names);

/* Where temporary files are: TMPDIR, if that is an absolute path, or /tmp; on Windows what the
 * system says, which the variable TMP tells it. */
const char *place_root(void);
extern const char place_root_variable[];

/* A folder of our own under place_root(). Its lock lives as long as a process keeps `lock`. On
 * Windows no folder but the beginning of names, since a file there can end with its process. */
struct place {
    char *prefix; /* what the paths of its files begin with */
    int lock;
};

/* Also removes folders that earlier keepers left because they were killed. 0, or a negative
 * status with errno set. Others may read what is in the folder: pids are no secret, and the command
 * may be run as another user. */
int place_make(struct place *ret_place);

char *place_file(const struct place *place, const char *name); /* malloc'd path */

/* Writes a file of it, whole; false with errno. */
bool place_write(const struct place *place, const char *name, const char *text, size_t len);

/* Removes the folder and the files in it. */
void place_remove(const struct place *place);

#endif
