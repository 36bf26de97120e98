/*
 * One element after the other: a name, and parameters of which `q` is the weight. A comma or
 * semicolon in quotes ends nothing. What is no weight wants nothing.
 */
#include "exporter/accept.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

#define BLANKS " \t"

enum { DECIMALS = 3 };

/* Up to one of these, or the end. */
static size_t span(const char *text, const char *ends)
{
    bool is_quoted = false;
    size_t len = 0;
    for (; text[len] && (is_quoted || !strchr(ends, text[len])); len++) {
        if (text[len] == '"')
            is_quoted = !is_quoted;
        else if (is_quoted && text[len] == '\\' && text[len + 1])
            len++;
    }
    return len;
}

/* `1`, `0.5`, `0.333` and the like, in thousandths; 0: it is none. */
static int parse_weight(const char *text, size_t len)
{
    int weight = 0, decimals = 0;
    if (!len || !isdigit((unsigned char)text[0]) || (len > 1 && text[1] != '.'))
        return 0;
    for (size_t i = 0; i < len && decimals <= DECIMALS; i++)
        if (i != 1) {
            if (!isdigit((unsigned char)text[i]))
                return 0;
            weight = weight * 10 + (text[i] - '0');
            decimals += i > 1;
        }
    for (; decimals < DECIMALS; decimals++)
        weight *= 10;
    return decimals == DECIMALS && weight <= ACCEPT_WEIGHT_MAX ? weight : 0;
}

/* Of the parameters of an element, `; q=0.5` among them or not. */
static int weight_of(const char *parameters)
{
    for (const char *at = parameters; *at == ';';) {
        at += 1 + strspn(at + 1, BLANKS);
        size_t len = span(at, ";,");
        if (strncasecmp(at, "q=", 2) == 0)
            return parse_weight(at + 2, strcspn(at + 2, ";," BLANKS));
        at += len;
    }
    return ACCEPT_WEIGHT_MAX;
}

int accept_weight(const char *header, const char *name)
{
    int weight = ACCEPT_NOT_NAMED;
    for (const char *at = header ? header : ""; *at; at += *at == ',') {
        at += strspn(at, BLANKS);
        size_t len = strcspn(at, ";," BLANKS);
        const char *parameters = at + len + strspn(at + len, BLANKS);
        if (strlen(name) == len && strncasecmp(at, name, len) == 0)
            weight = MAX_OF(weight, weight_of(parameters));
        at += span(at, ",");
    }
    return weight;
}
