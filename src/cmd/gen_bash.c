/*
 * Completions for bash. The script walks back to the option whose values are being typed and
 * counts the words in between: a row's last place says how many values there may be. Where a value
 * must stand, no options are offered.
 */
#include "cmd/gen_docs.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/option_table.h"

static const char head[] =
    "# bash completion for %s, generated from its table of options\n"
    "\n"
    "_%s()\n"
    "{\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} option='' equals='' at words=0\n"
    "    [[ $cur == '=' ]] && cur='' equals=1\n"
    "    for ((at = COMP_CWORD - 1; at > 0; at--)); do\n"
    "        case ${COMP_WORDS[at]} in\n"
    "        -*) option=${COMP_WORDS[at]}; break ;;\n"
    "        '=') equals=1 ;;\n"
    "        *) words=$((words + 1)) ;;\n"
    "        esac\n"
    "    done\n"
    "    COMPREPLY=()\n"
    "    [[ $cur == -* ]] || case $option:$words in\n";

static const char tail[] =
    "    esac\n"
    "    mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W '%s' -- \"$cur\")\n"
    "} && complete -F _%s %s\n";

static const char *const generators[] = {
    [COMPLETE_NONE] = NULL,
    [COMPLETE_CHOICES] = NULL,
    [COMPLETE_FILE] = "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")",
    [COMPLETE_DIRECTORY] = "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")",
    [COMPLETE_USER] = "mapfile -t COMPREPLY < <(compgen -u -- \"$cur\")",
    [COMPLETE_PID] =
        "mapfile -t COMPREPLY < <(compgen -W \"$(cd /proc && echo [0-9]*)\" -- \"$cur\")",
    [COMPLETE_DEMO] = "compopt -o filenames\n"
                      "            mapfile -t COMPREPLY < <(compgen -f -W \"list "
                      "$(\"${COMP_WORDS[0]}\" --demo list "
                      "2>/dev/null |\n"
                      "                sed 's/[[:space:]].*//')\" -- \"$cur\")",
};

/* The pattern of `option:words` where a value of the row may stand. */
static void put_pattern(const struct option_row *row, struct str *out)
{
    for (size_t k = 0; k < ARRAY_LEN(row->names) && row->names[k]; k++) {
        str_printf(out, "%s%s:", k ? "|" : "    ", row->names[k]);
        if (row->arity == ARITY_SOME || row->arity == ARITY_ANY)
            str_append_char(out, '*');
        else if (row->arity == ARITY_EXACT)
            str_printf(out, "[0-%u]", row->exact - 1);
        else
            str_append_char(out, '0');
    }
    str_append(out, ")\n            ");
}

static void put_values(const struct option_row *row, struct str *out)
{
    if (row->complete == COMPLETE_CHOICES) {
        str_append(out, "mapfile -t COMPREPLY < <(compgen -W '");
        option_offers(row, out);
        str_append(out, "' -- \"$cur\")\n            ");
    } else if (generators[row->complete]) {
        str_printf(out, "%s\n            ", generators[row->complete]);
    }
    static const char *const ends[] = {
        [ARITY_OPTIONAL] = "[[ -n $cur$equals ]] && return ;;\n",
        [ARITY_ANY] = "[[ -n $cur$equals ]] && return ;;\n",
        [ARITY_ATTACHED] = "[[ -n $equals ]] && return; COMPREPLY=() ;;\n",
        [ARITY_ONE] = "return ;;\n",
        [ARITY_EXACT] = "return ;;\n",
        [ARITY_SOME] = "return ;;\n",
    };
    str_append(out, ends[row->arity]);
}

static void put_names(const struct option_program *program, struct str *out)
{
    for (size_t i = 0; i < program->row_count; i++) {
        str_append(out, i ? " " : "");
        option_names(&program->rows[i], " ", out);
    }
}

void gen_bash(const struct option_program *program, struct str *out)
{
    struct str names = { 0 };
    str_printf(out, head, program->name, program->name);
    for (size_t i = 0; i < program->row_count; i++)
        if (program->rows[i].arity != ARITY_NONE) {
            put_pattern(&program->rows[i], out);
            put_values(&program->rows[i], out);
        }
    put_names(program, &names);
    str_printf(out, tail, str_text(&names), program->name, program->name);
    str_done(&names);
}
