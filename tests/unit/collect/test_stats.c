/* Statistics of one series: the vectors of the case file, and random series against sums over many
 * small steps of time. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases.h"
#include "collect/stats.h"

/* Each word before the semicolon: "1:10", "4:N", "skip:100". */
static double feed(struct stats *stats, char *words)
{
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
        char *colon = strchr(word, ':');
        if (strcmp(word, ";") == 0)
            continue;
        if (!colon)
            return strtod(word, NULL);
        double number = colon[1] == 'N' ? NAN : strtod(colon + 1, NULL);
        if (strncmp(word, "skip:", 5) == 0)
            stats_skip(stats, number);
        else
            stats_add(stats, strtod(word, NULL), number);
    }
    return NAN;
}

static char *stats_case(const char *input, size_t len)
{
    char words[256], text[128];
    struct stats stats;
    struct nvitop_stats_result result;
    (void)len;
    snprintf(words, sizeof(words), "%s", input);
    stats_begin(&stats, 0);
    stats_get(&stats, feed(&stats, words), &result);
    int length = 0;
    const double figures[] = { result.mean, result.min, result.max, result.last };
    for (size_t i = 0; i < ARRAY_LEN(figures); i++)
        length += snprintf(text + length, sizeof(text) - (size_t)length, "%s%.17g", i ? " " : "",
                           figures[i]);
    return xstrdup(text);
}

static void vectors(void **state)
{
    (void)state;
    assert_int_equal(cases_run("stats", stats_case), 0);
}

enum { SAMPLES = 12 };

struct series {
    double start, times[SAMPLES], values[SAMPLES]; /* NaN: missing */
    double now;
};

static double random_of(unsigned *seed, double from, double to)
{
    *seed = *seed * 1103515245u + 12345u;
    return from + (to - from) * (*seed >> 8) / (double)(1 << 24);
}

static struct series series_of(unsigned *seed)
{
    struct series series = { .start = random_of(seed, -50, 50) };
    double time = series.start, missing = random_of(seed, 0, 1) < 0.5 ? 0 : 0.3;
    for (size_t i = 0; i < SAMPLES; i++) {
        time += random_of(seed, 0.01, 2);
        series.times[i] = time;
        series.values[i] = random_of(seed, 0, 1) < missing ? NAN : random_of(seed, -100, 300);
    }
    series.now = time + random_of(seed, 0, 3);
    return series;
}

/* What the series has at `time`: a straight line between the nearest real samples. */
static double value_at(const struct series *series, double time)
{
    int before = -1, after = -1;
    for (int i = 0; i < SAMPLES; i++) {
        if (isnan(series->values[i]))
            continue;
        if (series->times[i] <= time)
            before = i;
        else if (after < 0)
            after = i;
    }
    if (before < 0 || after < 0)
        return series->values[before < 0 ? after : before];
    double part = (time - series->times[before]) / (series->times[after] - series->times[before]);
    return series->values[before] + part * (series->values[after] - series->values[before]);
}

static double mean_by_steps(const struct series *series, double until)
{
    enum { STEPS = 20000 };
    double sum = 0, step = (until - series->start) / STEPS;
    for (int i = 0; i < STEPS; i++)
        sum += value_at(series, series->start + (i + 0.5) * step);
    return sum / STEPS;
}

static void means_are_integrals(void **state)
{
    (void)state;
    unsigned seed = 11;
    int with_missing = 0, without = 0;
    for (int round = 0; round < 60; round++) {
        struct series series = series_of(&seed);
        struct stats stats;
        struct nvitop_stats_result result;
        double until = series.now, newest = series.start;
        stats_begin(&stats, series.start);
        for (size_t i = 0; i < SAMPLES; i++) {
            stats_add(&stats, series.times[i], series.values[i]);
            if (isnan(series.values[i]))
                until = NAN;
            else
                newest = series.times[i];
        }
        with_missing += isnan(until);
        without += !isnan(until);
        stats_get(&stats, series.now, &result);
        double expected = mean_by_steps(&series, isnan(until) ? newest : until);
        assert_true(fabs(result.mean - expected) < 1e-3);
        assert_true(result.min <= result.mean && result.mean <= result.max);
    }
    assert_true(with_missing > 10 && without > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_are_integrals),
        cmocka_unit_test(vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
