"""The reader of C behind the measures."""

import scan

SOURCE = '''/* A file. */
#include <stdio.h>

static int counter;
static const int limit = 3;
static const char *name = "x";
static const char *const names[] = { "a", "b" };
static struct pair pairs[2] = { { 1, 2 }, { 3, 4 } };
struct pair {
    int a, b;
};
enum kind { ONE, TWO };
typedef int (*callback)(int);
typedef const char *asker(int a);
static asker ask_one, ask_two;
static asker *asked;
extern const struct pair known[];
static int helper(int a);

/* Says { and } in "{ texts" too. */
static int helper(int a)
{
    static int calls;
    static int (*const steps[])(int *) = { 0 };
    if (a) {
        return '{';
    }
    return calls;
}

int
wide(struct pair *pair, int (*each)(int, int),
     int c)
{
    return 0;
}
'''

HEADER = '''/* A header. */
#ifndef NVITOP_X_H
#define NVITOP_X_H

struct thing;

/* Makes one. */
struct thing *thing_new(void);
void thing_free(struct thing *thing);

int thing_size(const struct thing *thing); /* in bytes */

int thing_secret(const struct thing *thing,
                 int level);

#endif
'''


def test_functions():
    assert scan.functions(SOURCE) == [("helper", 8, 1), ("wide", 3, 3)]


def test_mutable_variables():
    assert scan.mutable_variables(SOURCE) == [
        "static int counter", "static const char *name", "static struct pair pairs[2]", "static asker *asked", "int calls"]


def test_prototypes():
    assert scan.prototypes(HEADER) == [
        ("thing_new", True), ("thing_free", True), ("thing_size", True), ("thing_secret", False)]


def test_comment_lines():
    assert scan.comment_lines("/* a\n b */ int x; /* c */\nchar *s = \"/* no */\";\n") == 3


def test_percentile():
    assert (scan.median([3, 1, 2]), scan.percentile(list(range(100)), 0.95), scan.median([])) == (2, 95, 0)
