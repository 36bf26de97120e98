/* Prints the parser's keys, tab-separated: section, key, type, default, meaning. */
#include <stdio.h>

#include "sim/scenario_keys.h"

int main(void)
{
    for (int section = 0; section < SCENARIO_SECTION_COUNT; section++) {
        const struct scenario_section_keys *known = &scenario_sections[section];
        for (unsigned key = 0; key < known->key_count; key++)
            printf("%s\t%s\t%s\t%s\t%s\n", known->name, known->keys[key].name,
                   scenario_type_names[known->keys[key].type], known->keys[key].unset,
                   known->keys[key].help);
    }
    return 0;
}
