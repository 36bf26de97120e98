/*
 * Where a program may keep a file of its user's, and how that file is opened and replaced. Two
 * files implement it, place_posix.c and place_windows.c. Failures leave the reason in errno.
 */
#ifndef NVITOP_CMD_PLACE_H
#define NVITOP_CMD_PLACE_H

#include <stdbool.h>
#include <stdio.h>

/* The variable that names the user's own folder, and what leads from there to configurations. */
struct place_home {
    const char *variable, *folder;
};
extern const struct place_home place_home;

bool place_is_absolute(const char *path);

/* NULL if what is kept in the user's folder is the effective user's, else what is wrong. */
const char *place_why_not_ours(void);

/* For reading, and only a regular file: opening a pipe would wait for its other end. */
FILE *place_open(const char *path);

/* For writing, empty, and never through a link. */
FILE *place_create(const char *path);

/* True if it is there afterwards. */
bool place_make_folder(const char *path);

/* The file behind all links, malloc'd; NULL if there is none. */
char *place_resolve(const char *path);

/* Puts a file in the place of another, which may be there. */
bool place_replace(const char *fresh, const char *old);

/* One that came to nothing, if it is there. */
void place_discard(const char *path);

#endif
