/*
 * Completions for PowerShell, Windows's own and the newer one. The script has a row for each option
 * and does what the one for bash does: it walks back to the option whose values are being typed and
 * counts the words in between. Names of options differ by case, which PowerShell does not mind by
 * itself, so all comparisons say that they do. The text is ASCII: the older one takes a file for
 * that of the system's code page.
 */
#include "cmd/gen_docs.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cmd/option_table.h"

static const char head[] =
    "# PowerShell completion for %s, generated from its table of options.\n"
    "# To be had in every session: . FOLDER/%s.ps1 in the file that $PROFILE names.\n"
    "\n"
    "Register-ArgumentCompleter -Native -CommandName '%s' -ScriptBlock {\n"
    "    param($word, $ast, $position)\n"
    "\n"
    "    # Values: how many a word of its own may be; Must: are they needed; Offers: what they may "
    "be.\n"
    "    $options = @(\n";

static const char tail[] =
    "    )\n"
    "\n"
    "    $kinds = @{\n"
    "        'user' = { [Environment]::UserName }\n"
    "        'pid' = { (Get-Process).Id }\n"
    "        'directory' = { (Get-ChildItem -Directory).Name }\n"
    "        'demo' = { 'list'; & '%s' --demo list 2>$null | ForEach-Object { ($_ -split ' ')[0] } "
    "}\n"
    "    }\n"
    "\n"
    "    function Get-Row($name) { $options | Where-Object { $_.Names -ccontains $name } | "
    "Select-Object -First 1 }\n"
    "\n"
    "    function Get-Offers($row) {\n"
    "        if (-not $row) { return }\n"
    "        if ($kinds.ContainsKey($row.Kind)) { & $kinds[$row.Kind] } else { $row.Offers -split "
    "' "
    "' -ne '' }\n"
    "    }\n"
    "\n"
    "    function Complete-Words($offers, $stem, $before) {\n"
    "        foreach ($offer in $offers) {\n"
    "            if (([string]$offer).StartsWith($stem, [StringComparison]::Ordinal)) {\n"
    "                [Management.Automation.CompletionResult]::new(\"$before$offer\", \"$offer\", "
    "'ParameterValue', \"$offer\")\n"
    "            }\n"
    "        }\n"
    "    }\n"
    "\n"
    "    if ($word -cmatch '^(--[^=]+)=(.*)$') {\n"
    "        $stem = $Matches[2]\n"
    "        $name = $Matches[1]\n"
    "        Complete-Words (Get-Offers (Get-Row $name)) $stem \"$name=\"\n"
    "        return\n"
    "    }\n"
    "\n"
    "    $typed = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | "
    "ForEach-Object { $_.Extent.Text })\n"
    "    $count = 0\n"
    "    $row = $null\n"
    "    for ($at = $typed.Count - 1; $at -gt 0 -and -not $row; $at--) {\n"
    "        $row = Get-Row $typed[$at]\n"
    "        if (-not $row) { $count++ }\n"
    "    }\n"
    "    if ($row -and $count -lt $row.Values -and -not $word.StartsWith('-')) {\n"
    "        Complete-Words (Get-Offers $row) $word ''\n"
    "        if ($row.Must) { return }\n"
    "    }\n"
    "    foreach ($row in $options) {\n"
    "        foreach ($name in $row.Names) {\n"
    "            if ($name.StartsWith($word, [StringComparison]::Ordinal)) {\n"
    "                [Management.Automation.CompletionResult]::new($name, $name, 'ParameterName', "
    "$row.Help)\n"
    "            }\n"
    "        }\n"
    "    }\n"
    "}\n";

static const char *const kinds[] = {
    [COMPLETE_NONE] = "",     [COMPLETE_CHOICES] = "",
    [COMPLETE_FILE] = "file", [COMPLETE_DIRECTORY] = "directory",
    [COMPLETE_USER] = "user", [COMPLETE_PID] = "pid",
    [COMPLETE_DEMO] = "demo",
};

enum { ENDLESS = 999 };

static unsigned value_count(const struct option_row *row)
{
    static const unsigned counts[] = {
        [ARITY_NONE] = 0,  [ARITY_OPTIONAL] = 1,   [ARITY_ATTACHED] = 0,  [ARITY_ONE] = 1,
        [ARITY_EXACT] = 0, [ARITY_SOME] = ENDLESS, [ARITY_ANY] = ENDLESS,
    };
    return row->arity == ARITY_EXACT ? row->exact : counts[row->arity];
}

static bool is_must(const struct option_row *row)
{
    return row->arity == ARITY_ONE || row->arity == ARITY_EXACT || row->arity == ARITY_SOME;
}

static void put_quoted(const char *text, struct str *out)
{
    str_append_char(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            str_append_char(out, '\'');
        str_append_char(out, *text);
    }
    str_append_char(out, '\'');
}

static void put_row(const struct option_row *row, struct str *out)
{
    struct str offers = { 0 }, summary = { 0 };
    if (row->complete == COMPLETE_CHOICES)
        option_offers(row, &offers);
    gen_summary(row, &summary);
    str_append(out, "        @{ Names = '");
    option_names(row, "', '", out);
    str_printf(out, "'; Values = %u; Must = $%s; Kind = '%s'; Offers = ", value_count(row),
               is_must(row) ? "true" : "false", kinds[row->complete]);
    put_quoted(str_text(&offers), out);
    str_append(out, "; Help = ");
    put_quoted(str_text(&summary), out);
    str_append(out, " }\n");
    str_done(&offers);
    str_done(&summary);
}

void gen_powershell(const struct option_program *program, struct str *out)
{
    str_printf(out, head, program->name, program->name, program->name);
    for (size_t i = 0; i < program->row_count; i++)
        put_row(&program->rows[i], out);
    str_printf(out, tail, program->name);
}
