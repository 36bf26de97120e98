/* JSON has everything that costs little if no query says less; CSV has devices, whose rows would
 * make no sense beside those of processes. */
#include "cmd/data.h"

#include "base/str.h"
#include "cmd/options.h"
#include "report/listing.h"
#include "report/snapshot_csv.h"
#include "report/snapshot_json.h"

void data_init(const struct nvitop_settings *settings, const char *version, struct data *ret_data)
{
    *ret_data =
        (struct data){ .is_wanted = settings->is_json || settings->is_csv || settings->query,
                       .is_csv = !settings->is_json,
                       .is_pretty = settings->is_json_pretty,
                       .version = version };
    if (settings->query) {
        ret_data->query = *settings->query;
        return;
    }
    query_add_scope(&ret_data->query, NVITOP_SCOPE_DEVICE, false);
    if (!settings->is_json)
        return;
    query_add_scope(&ret_data->query, NVITOP_SCOPE_PROCESS, false);
    query_add_scope(&ret_data->query, NVITOP_SCOPE_HOST, false);
}

void data_write(const struct data *data, const struct snapshot *snapshot, bool is_first,
                struct str *out)
{
    if (!data->is_csv) {
        struct snapshot_json how = { .query = &data->query,
                                     .version = data->version,
                                     .is_pretty = data->is_pretty };
        snapshot_json_write(snapshot, &how, out);
        str_append_char(out, '\n');
        return;
    }
    if (is_first)
        snapshot_csv_header(&data->query, out);
    snapshot_csv_rows(snapshot, &data->query, out);
}

void data_list(const struct nvitop_settings *settings, int columns, struct str *out)
{
    if (settings->is_csv) {
        listing_csv(out);
    } else if (settings->is_json) {
        listing_json(settings->is_json_pretty, out);
        str_append_char(out, '\n');
    } else {
        listing_table(columns, out);
    }
}
