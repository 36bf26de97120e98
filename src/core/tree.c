/*
 * The forest. Nodes are processes, each once; a pid of another namespace is nobody's parent or
 * child here. Invariant: every node is reached from exactly one root, however torn the parents'
 * pids are: of what would close a circle, one becomes a root.
 */
#include "core/tree.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/snapshot.h"

enum { NO_NODE = -1, PREFIX_SIZE = 8 };

struct node {
    const struct snapshot_process *process;
    const size_t *devices;
    size_t device_count;
    ptrdiff_t parent;
    size_t first_child, child_count; /* in forest.children */
    size_t mark;                     /* of the walk that came by; 0: none */
};

struct forest {
    struct node *nodes; /* ours before foreign ones, then by pid */
    size_t count;
    size_t *children; /* numbers of nodes: roots first, then siblings together, in order */
    size_t root_count;
};

/* What is sorted: a row of the snapshot. */
struct entry {
    const struct snapshot_process *process;
    size_t row;
};

static bool is_foreign(const struct snapshot_process *process)
{
    return process->presence == PROCESS_HOST_PID;
}

static int compare_identity(const struct snapshot_process *a, const struct snapshot_process *b)
{
    if (is_foreign(a) != is_foreign(b))
        return is_foreign(a) - is_foreign(b);
    return (a->pid > b->pid) - (a->pid < b->pid);
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = compare_identity(a->process, b->process);
    return order ? order : (a->row > b->row) - (a->row < b->row);
}

static struct entry *sort_entries(const struct snapshot *snapshot, size_t total,
                                  struct arena *arena)
{
    struct entry *entries = arena_array(arena, total, sizeof(*entries));
    for (size_t i = 0; i < total; i++)
        entries[i] = (struct entry){ i < snapshot->process_count
                                         ? &snapshot->processes[i]
                                         : &snapshot->relatives[i - snapshot->process_count],
                                     i };
    if (total)
        qsort(entries, total, sizeof(*entries), compare_entries);
    return entries;
}

/* One node for each process, of its first row; the devices of its rows lie side by side. */
static void add_nodes(const struct snapshot *snapshot, struct forest *forest, struct arena *scratch,
                      struct arena *arena)
{
    size_t total = snapshot->process_count + snapshot->relative_count;
    const struct entry *entries = sort_entries(snapshot, total, scratch);
    size_t *devices = arena_array(arena, total, sizeof(*devices));
    forest->nodes = arena_array(scratch, total, sizeof(*forest->nodes));
    for (size_t i = 0; i < total; i++) {
        const struct snapshot_process *process = entries[i].process;
        if (i == 0 || compare_identity(entries[i - 1].process, process) != 0)
            forest->nodes[forest->count++] =
                (struct node){ .process = process, .devices = &devices[i], .parent = NO_NODE };
        devices[i] = process->device;
        forest->nodes[forest->count - 1].device_count += entries[i].row < snapshot->process_count;
    }
}

/* The node of a process of ours. */
static ptrdiff_t find(const struct forest *forest, int64_t pid)
{
    size_t low = 0, high = forest->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct snapshot_process *process = forest->nodes[middle].process;
        if (is_foreign(process) || process->pid >= pid)
            high = middle;
        else
            low = middle + 1;
    }
    bool is_there = low < forest->count && !is_foreign(forest->nodes[low].process) &&
                    forest->nodes[low].process->pid == pid;
    return is_there ? (ptrdiff_t)low : NO_NODE;
}

/* Walks up from each node over those that no walk has seen; meeting its own steps, it cuts there.
 */
static void cut_circles(struct forest *forest)
{
    for (size_t i = 0; i < forest->count; i++) {
        ptrdiff_t at = (ptrdiff_t)i;
        while (at != NO_NODE && forest->nodes[at].mark == 0) {
            forest->nodes[at].mark = i + 1;
            at = forest->nodes[at].parent;
        }
        if (at != NO_NODE && forest->nodes[at].mark == i + 1)
            forest->nodes[at].parent = NO_NODE;
    }
}

static void link_parents(struct forest *forest)
{
    for (size_t i = 0; i < forest->count; i++) {
        const struct snapshot_process *process = forest->nodes[i].process;
        struct value ppid = snapshot_process_value(process, NVITOP_PROC_PPID);
        if (!is_foreign(process) && ppid.kind == NVITOP_INT)
            forest->nodes[i].parent = find(forest, ppid.i);
    }
    cut_circles(forest);
}

struct sibling {
    ptrdiff_t parent;
    const struct snapshot_process *process;
    size_t node;
};

/* Unknown ones last. */
static int compare_users(const struct snapshot_process *a, const struct snapshot_process *b)
{
    const char *left = value_text_or(snapshot_process_value(a, NVITOP_PROC_USER), NULL);
    const char *right = value_text_or(snapshot_process_value(b, NVITOP_PROC_USER), NULL);
    return left && right ? strcmp(left, right) : !left - !right;
}

static int compare_siblings(const void *left, const void *right)
{
    const struct sibling *a = left, *b = right;
    int order = (a->parent > b->parent) - (a->parent < b->parent);
    if (!order && a->parent != NO_NODE) {
        order = (a->process->presence == PROCESS_GONE) - (b->process->presence == PROCESS_GONE);
        order = order ? order : compare_users(a->process, b->process);
    }
    return order ? order : (a->node > b->node) - (a->node < b->node);
}

static void order_children(struct forest *forest, struct arena *scratch)
{
    struct sibling *siblings = arena_array(scratch, forest->count, sizeof(*siblings));
    for (size_t i = 0; i < forest->count; i++)
        siblings[i] = (struct sibling){ forest->nodes[i].parent, forest->nodes[i].process, i };
    if (forest->count)
        qsort(siblings, forest->count, sizeof(*siblings), compare_siblings);
    forest->children = arena_array(scratch, forest->count, sizeof(*forest->children));
    for (size_t i = 0; i < forest->count; i++) {
        forest->children[i] = siblings[i].node;
        if (siblings[i].parent == NO_NODE) {
            forest->root_count++;
            continue;
        }
        struct node *parent = &forest->nodes[siblings[i].parent];
        if (parent->child_count++ == 0)
            parent->first_child = i;
    }
}

/* What is still to be written, the next on top. */
struct step {
    size_t node, depth;
    bool is_last;
};

struct walk {
    struct step *steps;
    size_t count;
    bool is_last[TREE_DEPTH_MAX + 1]; /* of the newest row of each level */
};

static void push(struct walk *walk, const size_t *nodes, size_t count, size_t depth)
{
    for (size_t i = count; i-- > 0;)
        walk->steps[walk->count++] = (struct step){ nodes[i], depth, i + 1 == count };
}

static const char *make_prefix(const struct walk *walk, size_t depth, struct arena *arena)
{
    size_t levels = MIN_OF(depth, (size_t)TREE_DEPTH_MAX);
    char *prefix = arena_alloc(arena, levels * PREFIX_SIZE + 1);
    for (size_t level = 1; level < levels; level++)
        strcat(prefix, walk->is_last[level] ? "   " : "│  ");
    if (levels > 0)
        strcat(prefix, walk->is_last[levels] ? "└─ " : "├─ ");
    return prefix;
}

static void write_rows(const struct forest *forest, struct arena *scratch, struct tree *tree)
{
    struct walk walk = { .steps = arena_array(scratch, forest->count, sizeof(struct step)) };
    tree->rows = arena_array(&tree->arena, forest->count, sizeof(*tree->rows));
    push(&walk, forest->children, forest->root_count, 0);
    while (walk.count > 0) {
        struct step step = walk.steps[--walk.count];
        const struct node *node = &forest->nodes[step.node];
        walk.is_last[MIN_OF(step.depth, (size_t)TREE_DEPTH_MAX)] = step.is_last;
        tree->rows[tree->count++] =
            (struct tree_row){ .process = node->process,
                               .devices = node->devices,
                               .device_count = node->device_count,
                               .depth = step.depth,
                               .prefix = make_prefix(&walk, step.depth, &tree->arena) };
        push(&walk, forest->children + node->first_child, node->child_count, step.depth + 1);
    }
}

void tree_make(const struct snapshot *snapshot, struct tree *ret_tree)
{
    struct arena scratch = { 0 };
    struct forest forest = { 0 };
    *ret_tree = (struct tree){ 0 };
    add_nodes(snapshot, &forest, &scratch, &ret_tree->arena);
    link_parents(&forest);
    order_children(&forest, &scratch);
    write_rows(&forest, &scratch, ret_tree);
    arena_done(&scratch);
}

void tree_done(struct tree *tree)
{
    arena_done(&tree->arena);
    *tree = (struct tree){ 0 };
}
