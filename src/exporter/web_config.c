/* One row per key. */
#include "exporter/web_config.h"

#include <errno.h>
#include <string.h>
#include <yaml.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "exporter/file.h"

enum { DEPTH_MAX = 8 };

struct reading {
    const char *path;
    yaml_document_t document;
    struct web_config *config;
    struct str *err;
};

typedef bool set_fn(struct reading *reading, const yaml_node_t *value, size_t offset);

struct key {
    const char *name;
    set_fn *set;
    size_t offset; /* of the member of struct web_config that `set` writes */
};

static const char *scalar_of(const yaml_node_t *node)
{
    return node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
}

/* ---- errors ---- */

static bool fail_at(const struct reading *reading, const yaml_node_t *node, const char *what)
{
    str_printf(reading->err, "%s: line %zu: %s", reading->path, node->start_mark.line + 1, what);
    return false;
}

/* The name comes from the file: it may hold anything. */
static bool fail_name(const struct reading *reading, const yaml_node_t *node, const char *why)
{
    struct arena arena = { 0 };
    struct str what = { 0 };
    const char *name = scalar_of(node);
    str_printf(&what, "%s '%.64s'", why, name ? utf8_printable(&arena, name, strlen(name)) : "");
    fail_at(reading, node, str_text(&what));
    str_done(&what);
    arena_done(&arena);
    return false;
}

/* ---- nodes ---- */

/* Did a pair before this one have its name? YAML forbids it, the library does not look. */
static bool is_again(struct reading *reading, const yaml_node_t *mapping,
                     const yaml_node_pair_t *pair)
{
    const char *name = scalar_of(yaml_document_get_node(&reading->document, pair->key));
    for (const yaml_node_pair_t *at = mapping->data.mapping.pairs.start; at < pair; at++) {
        const char *earlier = scalar_of(yaml_document_get_node(&reading->document, at->key));
        if (name && earlier && strcmp(name, earlier) == 0)
            return true;
    }
    return false;
}

/* Each pair of a mapping; stops at the first that is refused. */
static bool each_pair(struct reading *reading, const yaml_node_t *mapping,
                      bool (*take)(struct reading *reading, const yaml_node_t *name,
                                   const yaml_node_t *value, const void *arg),
                      const void *arg)
{
    if (mapping->type != YAML_MAPPING_NODE)
        return fail_at(reading, mapping, "expected keys and values");
    const yaml_node_pair_t *end = mapping->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start; pair < end; pair++) {
        const yaml_node_t *name = yaml_document_get_node(&reading->document, pair->key);
        if (is_again(reading, mapping, pair))
            return fail_name(reading, name, "a second time:");
        if (!take(reading, name, yaml_document_get_node(&reading->document, pair->value), arg))
            return false;
    }
    return true;
}

static bool take_key(struct reading *reading, const yaml_node_t *name, const yaml_node_t *value,
                     const void *arg)
{
    const char *text = scalar_of(name);
    for (const struct key *key = arg; key->name; key++)
        if (text && strcmp(key->name, text) == 0)
            return key->set(reading, value, key->offset);
    return fail_name(reading, name, "unknown key");
}

/* ---- values ---- */

static void *member(const struct reading *reading, size_t offset)
{
    return (char *)reading->config + offset;
}

static bool set_path(struct reading *reading, const yaml_node_t *value, size_t offset)
{
    const char *text = scalar_of(value), *slash = strrchr(reading->path, '/');
    if (!text || !*text)
        return fail_at(reading, value, "expected the name of a file");
    struct str whole = { 0 };
    if (*text != '/' && slash)
        str_append_bytes(&whole, reading->path, (size_t)(slash - reading->path) + 1);
    str_append(&whole, text);
    *(const char **)member(reading, offset) =
        arena_strdup(&reading->config->arena, str_text(&whole));
    str_done(&whole);
    return true;
}

static bool set_client(struct reading *reading, const yaml_node_t *value, size_t offset)
{
    static const struct {
        const char *word;
        enum tls_client client;
    } words[] = { { "NoClientCert", TLS_CLIENT_ANY },
                  { "VerifyClientCertIfGiven", TLS_CLIENT_IF_GIVEN },
                  { "RequireAndVerifyClientCert", TLS_CLIENT_REQUIRED } };
    const char *text = scalar_of(value);
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (text && strcmp(text, words[i].word) == 0) {
            *(enum tls_client *)member(reading, offset) = words[i].client;
            return true;
        }
    return fail_at(reading, value,
                   "expected NoClientCert, VerifyClientCertIfGiven or RequireAndVerifyClientCert");
}

static bool set_version(struct reading *reading, const yaml_node_t *value, size_t offset)
{
    const char *text = scalar_of(value);
    if (!text || (strcmp(text, "TLS12") != 0 && strcmp(text, "TLS13") != 0))
        return fail_at(reading, value, "expected TLS12 or TLS13");
    *(bool *)member(reading, offset) = strcmp(text, "TLS13") == 0;
    return true;
}

static bool take_user(struct reading *reading, const yaml_node_t *name, const yaml_node_t *value,
                      const void *arg)
{
    struct web_config *config = reading->config;
    const char *user = scalar_of(name), *hash = scalar_of(value);
    (void)arg;
    if (!user || !*user || strchr(user, ':'))
        return fail_at(reading, name, "expected the name of a user, without a colon");
    if (!hash || !auth_hash_is_known(hash))
        return fail_at(reading, value, "expected a bcrypt hash, $2b$…");
    if (auth_hash_cost(hash) > AUTH_COST_MAX)
        return fail_at(reading, value, "expected a bcrypt hash of a cost up to 14");
    config->users[config->user_count++] = (struct auth_user){ arena_strdup(&config->arena, user),
                                                              arena_strdup(&config->arena, hash) };
    return true;
}

static bool set_users(struct reading *reading, const yaml_node_t *value, size_t offset)
{
    struct web_config *config = reading->config;
    size_t room = 0;
    (void)offset;
    if (value->type == YAML_MAPPING_NODE)
        room = (size_t)(value->data.mapping.pairs.top - value->data.mapping.pairs.start);
    config->users = arena_array(&config->arena, room + 1, sizeof(*config->users));
    return each_pair(reading, value, take_user, NULL);
}

#define AT(member) offsetof(struct web_config, member)

static bool set_tls(struct reading *reading, const yaml_node_t *value, size_t offset)
{
    static const struct key keys[] = {
        { "cert_file", set_path, AT(tls.certfile) },
        { "key_file", set_path, AT(tls.keyfile) },
        { "client_ca_file", set_path, AT(tls.client_cafile) },
        { "client_auth_type", set_client, AT(tls.client) },
        { "min_version", set_version, AT(tls.is_only_1_3) },
        { 0 },
    };
    (void)offset;
    return each_pair(reading, value, take_key, keys);
}

/* What makes no sense together. */
static bool check(const struct reading *reading)
{
    const struct tls_options *tls = &reading->config->tls;
    const char *why = NULL;
    if (!tls->certfile != !tls->keyfile)
        why = "cert_file and key_file go together";
    else if (tls->client_cafile && !tls->certfile)
        why = "client_ca_file needs cert_file and key_file";
    else if (tls->client != TLS_CLIENT_ANY && !tls->client_cafile)
        why = "client_auth_type needs client_ca_file";
    else if (tls->client == TLS_CLIENT_ANY && tls->client_cafile)
        why = "client_ca_file needs client_auth_type, and not NoClientCert";
    if (why)
        str_printf(reading->err, "%s: %s", reading->path, why);
    return !why;
}

/* ---- the file ---- */

static bool read_root(struct reading *reading)
{
    static const struct key keys[] = {
        { "tls_server_config", set_tls, 0 },
        { "basic_auth_users", set_users, 0 },
        { 0 },
    };
    const yaml_node_t *root = yaml_document_get_root_node(&reading->document);
    return !root || each_pair(reading, root, take_key, keys); /* no root: an empty file */
}

static bool fail_parser(const struct reading *reading, const yaml_parser_t *parser)
{
    str_printf(reading->err, "%s: line %zu: %s", reading->path, parser->problem_mark.line + 1,
               parser->problem ? parser->problem : "not to be read");
    return false;
}

/* The library builds a document of any depth, and takes its time. */
static bool check_depth(struct reading *reading, yaml_parser_t *parser)
{
    yaml_event_type_t type = YAML_NO_EVENT;
    for (int depth = 0; type != YAML_STREAM_END_EVENT && depth <= DEPTH_MAX;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event))
            return fail_parser(reading, parser);
        type = event.type;
        yaml_event_delete(&event);
        depth += type == YAML_MAPPING_START_EVENT || type == YAML_SEQUENCE_START_EVENT;
        depth -= type == YAML_MAPPING_END_EVENT || type == YAML_SEQUENCE_END_EVENT;
    }
    if (type != YAML_STREAM_END_EVENT)
        str_printf(reading->err, "%s: line %zu: nested too deeply", reading->path,
                   parser->mark.line + 1);
    return type == YAML_STREAM_END_EVENT;
}

static bool read_document(struct reading *reading, yaml_parser_t *parser)
{
    if (!yaml_parser_load(parser, &reading->document))
        return fail_parser(reading, parser);
    bool is_good = read_root(reading) && check(reading);
    yaml_document_delete(&reading->document);
    return is_good;
}

static bool with_parser(struct reading *reading, const struct str *text,
                        bool (*look)(struct reading *reading, yaml_parser_t *parser))
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        str_printf(reading->err, "%s: %s", reading->path, strerror(ENOMEM));
        return false;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)str_text(text), text->len);
    bool is_good = look(reading, &parser);
    yaml_parser_delete(&parser);
    return is_good;
}

bool web_config_read(const char *path, struct web_config *config, struct str *err)
{
    struct reading reading = { .path = path, .config = config, .err = err };
    struct str text = { 0 };
    bool is_good = file_read(path, &text, err) && with_parser(&reading, &text, check_depth) &&
                   with_parser(&reading, &text, read_document);
    file_forget(&text);
    return is_good;
}

void web_config_done(struct web_config *config)
{
    arena_done(&config->arena);
}
