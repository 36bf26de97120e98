/*
 * Finding and opening the driver library. A candidate is taken when it loads, is no stub, has
 * the functions nothing works without, and its init neither says that the real library is
 * missing (12) nor that init itself is (13): those two are what stubs answer. Any other init
 * error is the driver's verdict on this machine and ends the search.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/dylib.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "nvml/nvml_internal.h"
#include "nvml/nvml_places.h"

struct nvml *nvml_new(const struct nvml_symbols *symbols, struct dylib *lib)
{
    struct nvml *nvml = xcalloc(1, sizeof(*nvml));
    nvml->symbols = *symbols;
    nvml->lib = lib;
    nvml->now_ns = clock_mono_ns;
    nvml->path = xstrdup("");
    return nvml;
}

void nvml_free(struct nvml *nvml)
{
    dylib_close(nvml->lib);
    free(nvml->path);
    free(nvml);
}

struct nvml *nvml_view(struct nvml *nvml)
{
    struct nvml *view = nvml_new(&nvml->symbols, NULL);
    view->now_ns = nvml->now_ns;
    view->whole = nvml;
    return view;
}

void nvml_view_free(struct nvml *view)
{
    if (view)
        nvml_free(view);
}

uint64_t nvml_call_out_ns(const struct nvml *view)
{
    return atomic_load_explicit(&view->out_ns, memory_order_relaxed);
}

static void say(struct nvml_failure *failure, const char *text)
{
    struct arena arena = { 0 };
    const char *clean = utf8_printable(&arena, text, strlen(text));
    size_t len = strlen(clean), room = sizeof(failure->text) - 1;
    while (len > room || (clean[len] & 0xc0) == 0x80) /* never cut a character */
        len--;
    memcpy(failure->text, clean, len);
    failure->text[len] = 0;
    arena_done(&arena);
}

int nvml_fail(const struct nvml *nvml, int code, struct nvml_failure *ret_failure)
{
    const char *text = nvml->symbols.error_string ? nvml->symbols.error_string(code) : NULL;
    *ret_failure = (struct nvml_failure){ .status = nvml_code_status(code), .code = code };
    say(ret_failure, text && *text ? text : nvml_code_text(code));
    return ret_failure->status;
}

static int fail_to_load(const char *place, const char *reason, struct nvml_failure *ret_failure)
{
    struct arena arena = { 0 };
    *ret_failure = (struct nvml_failure){ .status = NVITOP_ENOLIB };
    /* The loader's own words begin with the name already. */
    say(ret_failure, reason && strstr(reason, place)
                         ? reason
                         : arena_printf(&arena, "%s: %s", place, reason ? reason : "cannot load"));
    arena_done(&arena);
    return NVITOP_ENOLIB;
}

static int bind_library(const char *place, struct nvml **ret_nvml, struct nvml_failure *ret_failure)
{
    const char *reason = NULL;
    struct dylib *lib = dylib_open(place, &reason);
    if (!lib)
        return fail_to_load(place, reason, ret_failure);
    struct nvml_symbols symbols;
    const char *missing = nvml_symbols_bind(lib, &symbols);
    const char *path = missing ? NULL : dylib_path(lib, dylib_symbol(lib, "nvmlShutdown"));
    if (missing || nvml_place_is_stub(path ? path : place)) {
        dylib_close(lib);
        return fail_to_load(place, missing ? "not a driver library" : "only a stub", ret_failure);
    }
    struct nvml *nvml = nvml_new(&symbols, lib);
    free(nvml->path);
    nvml->path = xstrdup(path ? path : place);
    *ret_nvml = nvml;
    return NVITOP_OK;
}

static int initialise(struct nvml *nvml)
{
    int code = NVML_CALL(nvml, nvml->symbols.init_with_flags, 0);
    return code == NVML_ABI_ERROR_FUNCTION_NOT_FOUND ? nvml->symbols.init() : code;
}

static int open_one(const char *place, struct nvml **ret_nvml, struct nvml_failure *ret_failure)
{
    struct nvml *nvml = NULL;
    int status = bind_library(place, &nvml, ret_failure);
    if (status < 0)
        return status;
    int code = initialise(nvml);
    if (code == NVML_ABI_SUCCESS) {
        *ret_nvml = nvml;
        return NVITOP_OK;
    }
    status = nvml_fail(nvml, code, ret_failure);
    nvml_free(nvml);
    return status;
}

/* Whether the next place may do better. */
static bool is_passed_over(const struct nvml_failure *failure)
{
    return failure->code == NVML_ABI_SUCCESS || failure->code == NVML_ABI_ERROR_LIBRARY_NOT_FOUND ||
           failure->code == NVML_ABI_ERROR_FUNCTION_NOT_FOUND;
}

int nvml_open_first(const char *const *places, size_t count, struct nvml **ret_nvml,
                    struct nvml_failure *ret_failure)
{
    struct nvml_failure best = { .status = NVITOP_ENOLIB };
    for (size_t i = 0; i < count; i++) {
        struct nvml_failure failure = { 0 };
        if (open_one(places[i], ret_nvml, &failure) == NVITOP_OK)
            return NVITOP_OK;
        if (i == 0 || (!best.code && failure.code) || !is_passed_over(&failure))
            best = failure;
        if (!is_passed_over(&failure))
            break;
    }
    *ret_failure = best;
    return best.status;
}

int nvml_open(const char *path, struct nvml **ret_nvml, struct nvml_failure *ret_failure)
{
    if (path)
        return nvml_open_first(&path, 1, ret_nvml, ret_failure);
    struct nvml_places places;
    nvml_places_init(&places);
    int status =
        nvml_open_first((const char *const *)places.names, places.count, ret_nvml, ret_failure);
    nvml_places_done(&places);
    return status;
}

void nvml_close(struct nvml *nvml)
{
    if (!nvml)
        return;
    nvml->symbols.shutdown();
    nvml_free(nvml);
}
