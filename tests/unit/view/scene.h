/*
 * Snapshots made by hand: the fixtures of the acceptance cases, and small tools to bend them.
 *
 * A: three unlike GPUs with processes of two users, one of them gone. M: a GPU cut into MIG
 * devices beside one that is not. B: one GPU with thirty processes. Z: no GPU.
 */
#ifndef TESTS_VIEW_SCENE_H
#define TESTS_VIEW_SCENE_H

#include "core/history.h"
#include "core/snapshot.h"
#include "view/model.h"
#include "view/report.h"

struct frame;

struct snapshot *scene_a(void);
struct snapshot *scene_m(void);
struct snapshot *scene_b(void);
struct snapshot *scene_z(void);
struct snapshot *scene_server(size_t gpus, size_t processes); /* of one kind, busy to a degree */
/* A with parents and children of its processes: two of init, the rest below one of those. */
struct snapshot *scene_family(void);

/* Everything that a scene shows about one value is set through these. */
void scene_set(struct snapshot *snapshot, size_t device, int id, struct value value);
void scene_set_process(struct snapshot *snapshot, size_t process, int id, struct value value);
void scene_set_host(struct snapshot *snapshot, int id, struct value value);

/* Default thresholds, version 1.0.0. */
struct view_options scene_options(int columns);

/* The report as text, malloc'd. */
char *scene_report(const struct snapshot *snapshot, const struct view_options *options,
                   bool is_ansi);

/* A monitor's view of it: default thresholds, version 1.0.0, natural order, nothing selected. */
struct model scene_model(const struct snapshot *snapshot, int rows, int columns);

/* That many seconds of everything, ending in the snapshot's own values. */
void scene_history(struct snapshot *snapshot, int seconds, struct histories *ret_histories);

/* Selects that process. */
void scene_select(struct model *model, size_t process);

/* A page as text, malloc'd. */
char *scene_page(const struct model *model,
                 void (*draw)(const struct model *model, struct frame *frame), bool is_ansi);

/* Compares with tests/frames/NAME, or writes it if NVITOP_FRAMES_WRITE is set. Takes over `text`.
 */
void scene_assert_frame(const char *name, char *text);

/* Line `row` of a text, without its newline, in a static buffer of the caller's. */
const char *scene_line(const char *text, int row, char *ret_line, size_t size);

#endif
