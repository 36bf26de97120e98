/* Who has to go, over pairs of sockets and a clock that is made up. */
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "exporter/clients.h"

enum { COUNT_MAX = 3, BYTES_MAX = 100, PAIRS_MAX = 8 };

static const struct clients_limits limits = {
    .count = COUNT_MAX,
    .bytes = BYTES_MAX,
    .step_ns = { [CLIENT_ASKS] = 10, [CLIENT_LISTENS] = 30, [CLIENT_RESTS] = 70 },
};

struct scene {
    struct clients *clients;
    int ours[PAIRS_MAX], theirs[PAIRS_MAX];
    struct client *each[PAIRS_MAX];
    size_t count;
};

static void begin(struct scene *scene)
{
    *scene = (struct scene){ .clients = clients_new(&limits) };
}

static void end(struct scene *scene)
{
    clients_free(scene->clients);
    for (size_t i = 0; i < scene->count; i++) {
        close(scene->ours[i]);
        close(scene->theirs[i]);
    }
}

static size_t enter(struct scene *scene, const struct sockaddr *address, uint64_t now_ns)
{
    int pair[2];
    size_t i = scene->count++;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    scene->theirs[i] = pair[0];
    scene->ours[i] = pair[1];
    scene->each[i] = clients_enter(scene->clients, pair[1], address, now_ns);
    return i;
}

static size_t enter_v4(struct scene *scene, uint32_t address, uint64_t now_ns)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_addr = { htonl(address) } };
    return enter(scene, (const struct sockaddr *)&v4, now_ns);
}

static size_t enter_v6(struct scene *scene, const unsigned char bytes[16], uint64_t now_ns)
{
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    memcpy(&v6.sin6_addr, bytes, sizeof(v6.sin6_addr));
    return enter(scene, (const struct sockaddr *)&v6, now_ns);
}

static bool is_shut(const struct scene *scene, size_t i)
{
    struct pollfd fd = { .fd = scene->theirs[i], .events = POLLIN };
    return poll(&fd, 1, 0) == 1;
}

/* As `xx.` : x is shut. */
static void expect(const struct scene *scene, const char *picture)
{
    char found[PAIRS_MAX + 1] = "";
    for (size_t i = 0; i < scene->count; i++)
        found[i] = is_shut(scene, i) ? 'x' : '.';
    assert_string_equal(found, picture);
}

static void the_oldest_goes_for_a_newcomer(void **state)
{
    struct scene scene;
    (void)state;
    begin(&scene);
    for (uint64_t now = 1; now <= 5; now++)
        enter_v4(&scene, 1, now);
    expect(&scene, "xx...");
    clients_step(scene.clients, scene.each[2], CLIENT_RESTS, 6); /* it is the youngest now */
    enter_v4(&scene, 1, 7);
    expect(&scene, "xx.x..");
    end(&scene);
}

static void who_has_most_loses_one(void **state)
{
    struct scene scene;
    (void)state;
    begin(&scene);
    enter_v4(&scene, 1, 1);
    for (uint64_t now = 2; now <= 6; now++)
        enter_v4(&scene, 2, now);
    expect(&scene, ".xxx..");
    end(&scene);
}

static void who_has_left_makes_room(void **state)
{
    struct scene scene;
    (void)state;
    begin(&scene);
    enter_v4(&scene, 1, 1);
    enter_v4(&scene, 1, 2);
    enter_v4(&scene, 1, 3);
    clients_leave(scene.clients, scene.each[1]);
    enter_v4(&scene, 1, 4);
    expect(&scene, "....");
    end(&scene);
}

static void a_network_of_ipv6_is_one_peer(void **state)
{
    static const unsigned char honest[16] = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 1 };
    unsigned char other[16] = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 2 };
    struct scene scene;
    (void)state;
    begin(&scene);
    enter_v6(&scene, honest, 1);
    for (uint64_t now = 2; now <= 4; now++) {
        other[15] = (unsigned char)now;
        enter_v6(&scene, other, now);
    }
    expect(&scene, ".x..");
    end(&scene);
}

static void ipv4_in_ipv6_is_that_address(void **state)
{
    unsigned char mapped[16] = { [10] = 0xff, [11] = 0xff, [15] = 1 };
    struct scene scene;
    (void)state;
    begin(&scene);
    enter_v6(&scene, mapped, 1);
    for (uint64_t now = 2; now <= 4; now++)
        enter_v4(&scene, 2, now);
    expect(&scene, ".x..");
    mapped[15] = 2; /* the others' */
    enter_v6(&scene, mapped, 5);
    expect(&scene, ".xx..");
    end(&scene);
}

static void each_step_has_its_time(void **state)
{
    struct scene scene;
    (void)state;
    begin(&scene);
    enter_v4(&scene, 1, 100);
    enter_v4(&scene, 1, 100);
    enter_v4(&scene, 1, 100);
    clients_step(scene.clients, scene.each[1], CLIENT_LISTENS, 101);
    clients_step(scene.clients, scene.each[2], CLIENT_RESTS, 102);
    assert_int_equal(clients_sweep(scene.clients, 109), 110);
    expect(&scene, "...");
    assert_int_equal(clients_sweep(scene.clients, 110), 131);
    expect(&scene, "x..");
    assert_int_equal(clients_sweep(scene.clients, 131), 172);
    expect(&scene, "xx.");
    assert_true(clients_sweep(scene.clients, 500) == UINT64_MAX);
    expect(&scene, "xxx");
    end(&scene);
}

static void unread_answers_go_when_they_are_too_many(void **state)
{
    struct scene scene;
    (void)state;
    begin(&scene);
    for (uint64_t now = 1; now <= 3; now++)
        enter_v4(&scene, 1, now);
    clients_owe(scene.clients, scene.each[1], 60);
    clients_owe(scene.clients, scene.each[2], 40);
    expect(&scene, "...");
    clients_owe(scene.clients, scene.each[0], 30); /* the oldest, and it owes too */
    expect(&scene, "x..");
    clients_owe(scene.clients, scene.each[2], 41);
    expect(&scene, "xx.");
    clients_owe(scene.clients, scene.each[2], 1000); /* the last one is never too much */
    expect(&scene, "xx.");
    end(&scene);
}

static void an_answer_that_was_read_counts_no_more(void **state)
{
    struct scene scene;
    (void)state;
    begin(&scene);
    enter_v4(&scene, 1, 1);
    enter_v4(&scene, 1, 2);
    clients_owe(scene.clients, scene.each[0], 80);
    clients_step(scene.clients, scene.each[0], CLIENT_RESTS, 3);
    clients_owe(scene.clients, scene.each[1], 80);
    expect(&scene, "..");
    end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_goes_for_a_newcomer),
        cmocka_unit_test(who_has_most_loses_one),
        cmocka_unit_test(who_has_left_makes_room),
        cmocka_unit_test(a_network_of_ipv6_is_one_peer),
        cmocka_unit_test(ipv4_in_ipv6_is_that_address),
        cmocka_unit_test(each_step_has_its_time),
        cmocka_unit_test(unread_answers_go_when_they_are_too_many),
        cmocka_unit_test(an_answer_that_was_read_counts_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
