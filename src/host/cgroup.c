/*
 * Every path is walked part by part, and each part is held against a table of forms: a prefix, a
 * suffix, and what must stand between them. systemd and cgroupfs drivers write the same ids in
 * different dress, so the ending is optional where the id is a hash.
 */
#include "cgroup.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/mem.h"

enum { HASH_LEN = 64, UID_LEN = 36, UID_HASH_LEN = 32 };

struct part {
    const char *text;
    size_t len;
};

enum name_kind { NAME_HASH, NAME_FREE };

static const struct {
    const char *prefix, *suffix, *runtime;
    enum name_kind kind;
} forms[] = {
    { "docker-", ".scope", "docker", NAME_HASH },
    { "cri-containerd-", ".scope", "containerd", NAME_HASH },
    { "containerd-", ".scope", "containerd", NAME_HASH },
    { "nerdctl-", ".scope", "containerd", NAME_HASH },
    { "crio-", ".scope", "cri-o", NAME_HASH },
    { "libpod-", ".scope", "podman", NAME_HASH },
    { "docker-", "", "docker", NAME_HASH },
    { "crio-", "", "cri-o", NAME_HASH },
    { "libpod-", "", "podman", NAME_HASH },
    { "systemd-nspawn@", ".service", "systemd-nspawn", NAME_FREE },
    { "lxc.payload.", "", "lxc", NAME_FREE },
};

/* Parts that are an id themselves, by the part before them. */
static const struct {
    const char *parent, *runtime;
    enum name_kind kind;
} parents[] = {
    { "docker", "docker", NAME_HASH },
    { "lxc", "lxc", NAME_FREE },
    { "lxc.payload", "lxc", NAME_FREE },
};

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool is_free(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("-_.:@", c));
}

static bool all_are(const struct part *part, bool (*is_good)(char))
{
    for (size_t i = 0; i < part->len; i++)
        if (!is_good(part->text[i]))
            return false;
    return part->len > 0;
}

static bool is_name(const struct part *part, enum name_kind kind)
{
    if (kind == NAME_HASH)
        return part->len == HASH_LEN && all_are(part, is_hex);
    return part->len < CGROUP_NAME_SIZE && all_are(part, is_free);
}

static bool is_text(const struct part *part, const char *text)
{
    return part->len == strlen(text) && memcmp(part->text, text, part->len) == 0;
}

/* What stands between prefix and suffix; false if they do not fit. */
static bool between(const struct part *part, const char *prefix, const char *suffix,
                    struct part *ret_middle)
{
    size_t before = strlen(prefix), behind = strlen(suffix);
    if (part->len < before + behind || memcmp(part->text, prefix, before) != 0 ||
        memcmp(part->text + part->len - behind, suffix, behind) != 0)
        return false;
    *ret_middle = (struct part){ part->text + before, part->len - before - behind };
    return true;
}

static void copy(char ret_name[CGROUP_NAME_SIZE], const struct part *part)
{
    memcpy(ret_name, part->text, part->len);
    ret_name[part->len] = 0;
}

static void take_container(const struct part *part, const struct part *parent,
                           struct cgroup *cgroup)
{
    struct part name;
    const char *runtime = NULL;
    for (size_t i = 0; i < ARRAY_LEN(forms) && !runtime; i++)
        if (between(part, forms[i].prefix, forms[i].suffix, &name) && is_name(&name, forms[i].kind))
            runtime = forms[i].runtime;
    for (size_t i = 0; i < ARRAY_LEN(parents) && !runtime; i++) {
        name = *part;
        if (is_text(parent, parents[i].parent) && is_name(part, parents[i].kind))
            runtime = parents[i].runtime;
    }
    if (!runtime && is_name(part, NAME_HASH)) {
        name = *part;
        runtime = "container";
    }
    if (!runtime)
        return;
    cgroup->runtime = runtime;
    copy(cgroup->container, &name);
}

/* 8-4-4-4-12 with `-` or, where systemd would read that as a level, `_`; or 32 digits of a static
 * pod's hash. */
static bool is_pod_uid(const struct part *part)
{
    if (part->len == UID_HASH_LEN)
        return all_are(part, is_hex);
    for (size_t i = 0; i < part->len; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        char c = part->text[i];
        if (is_dash ? c != '-' && c != '_' : !is_hex(c))
            return false;
    }
    return part->len == UID_LEN;
}

static void take_pod(const struct part *part, struct cgroup *cgroup)
{
    static const char *const prefixes[] = { "pod", "kubepods-pod", "kubepods-burstable-pod",
                                            "kubepods-besteffort-pod" };
    struct part uid;
    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
        bool is_found =
            between(part, prefixes[i], ".slice", &uid) || between(part, prefixes[i], "", &uid);
        if (!is_found || !is_pod_uid(&uid))
            continue;
        copy(cgroup->pod, &uid);
        for (char *c = cgroup->pod; *c; c++)
            *c = *c == '_' ? '-' : *c;
    }
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool holds_slurm(const struct part *part)
{
    for (size_t i = 0; i + 5 <= part->len; i++)
        if (memcmp(part->text + i, "slurm", 5) == 0)
            return true;
    return false;
}

static void classify_path(const char *path, size_t len, struct cgroup *cgroup)
{
    struct part parent = { "", 0 };
    bool is_slurm = false;
    for (const char *end = path + len; path < end;) {
        const char *slash = memchr(path, '/', (size_t)(end - path));
        struct part part = { path, (size_t)((slash ? slash : end) - path) }, job;
        take_container(&part, &parent, cgroup);
        take_pod(&part, cgroup);
        if (is_slurm && between(&part, "job_", "", &job) && job.len < CGROUP_NAME_SIZE &&
            all_are(&job, is_digit))
            copy(cgroup->slurm_job, &job);
        is_slurm = is_slurm || holds_slurm(&part);
        path += part.len + 1;
        parent = part;
    }
}

void cgroup_classify(const char *text, struct cgroup *ret_cgroup)
{
    *ret_cgroup = (struct cgroup){ .runtime = "" };
    while (*text) { /* hierarchy:controllers:path */
        size_t len = strcspn(text, "\n");
        const char *path = memchr(text, '/', len);
        if (path)
            classify_path(path, len - (size_t)(path - text), ret_cgroup);
        text += len + (text[len] == '\n');
    }
}
