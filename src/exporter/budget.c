/* A purse fills with time up to what fits in. */
#include "exporter/budget.h"

#include "base/clock.h"
#include "base/mem.h"

struct pace {
    double tries_max, tries_per_s;
    double seconds_max, seconds_per_s; /* of hashing: the share of the time */
};
static const struct pace pace_of_all = { 8, 5, 0.5, 0.2 }, pace_of_peer = { 4, 2, 0.25, 0.1 };

static void fill(struct purse *purse, const struct pace *pace, uint64_t now_ns)
{
    double passed_s = (double)(now_ns - purse->filled_ns) / (double)CLOCK_NS_PER_S;
    bool is_new = !purse->filled_ns;
    purse->tries = is_new ? pace->tries_max
                          : MIN_OF(purse->tries + passed_s * pace->tries_per_s, pace->tries_max);
    purse->seconds =
        is_new ? pace->seconds_max
               : MIN_OF(purse->seconds + passed_s * pace->seconds_per_s, pace->seconds_max);
    purse->filled_ns = now_ns;
}

static double wait_s(struct purse *purse, const struct pace *pace, uint64_t now_ns)
{
    fill(purse, pace, now_ns);
    double tries_s = (1 - purse->tries) / pace->tries_per_s;
    double seconds_s = -purse->seconds / pace->seconds_per_s;
    return MAX_OF(MAX_OF(tries_s, seconds_s), 0.0);
}

static struct purse *purse_of(struct budget *budget, uint64_t peer)
{
    return &budget->peers[peer % BUDGET_PEERS];
}

double budget_wait_s(struct budget *budget, uint64_t peer, uint64_t now_ns)
{
    double all_s = wait_s(&budget->all, &pace_of_all, now_ns);
    double peer_s = wait_s(purse_of(budget, peer), &pace_of_peer, now_ns);
    return MAX_OF(all_s, peer_s);
}

void budget_spend(struct budget *budget, uint64_t peer, uint64_t took_ns)
{
    struct purse *of[] = { &budget->all, purse_of(budget, peer) };
    for (size_t i = 0; i < ARRAY_LEN(of); i++) {
        of[i]->tries--;
        of[i]->seconds -= (double)took_ns / (double)CLOCK_NS_PER_S;
    }
}
