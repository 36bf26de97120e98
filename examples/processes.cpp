/*
 * Who is on which GPU, most memory first; C++17:
 *     processes
 */
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nvitop/nvitop.h>
#include <string>
#include <vector>

struct Close {
    void operator()(nvitop_session *session) const
    {
        nvitop_session_close(session);
    }
    void operator()(nvitop_snapshot *snapshot) const
    {
        nvitop_snapshot_unref(snapshot);
    }
};
using Session = std::unique_ptr<nvitop_session, Close>;
using Snapshot = std::unique_ptr<nvitop_snapshot, Close>;

static nvitop_value get(const Snapshot &snapshot, int id, size_t row)
{
    nvitop_value value{};
    nvitop_snapshot_get(snapshot.get(), id, row, &value);
    return value;
}

static std::string text(const Snapshot &snapshot, int id, size_t row)
{
    nvitop_metric_row info{};
    info.size = sizeof(info);
    nvitop_metric_info(id, &info);
    const nvitop_value value = get(snapshot, id, row);
    char buffer[256] = "";
    nvitop_value_format(&value, info.unit, buffer, sizeof(buffer));
    return buffer;
}

static void print_process(const Snapshot &snapshot, size_t row)
{
    nvitop_process_row process{};
    nvitop_device_row device{};
    process.size = sizeof(process);
    device.size = sizeof(device);
    nvitop_snapshot_process(snapshot.get(), row, &process);
    nvitop_snapshot_device(snapshot.get(), process.device_row, &device);
    std::printf("GPU %d  %u  %s  %s  %s\n", static_cast<int>(device.index.physical),
                static_cast<unsigned>(process.pid), text(snapshot, NVITOP_PROC_USER, row).c_str(),
                text(snapshot, NVITOP_PROC_GPU_MEMORY, row).c_str(),
                text(snapshot, NVITOP_PROC_COMMAND, row).c_str());
}

int main()
{
    nvitop_session *opened = nullptr;
    nvitop_snapshot *taken = nullptr;
    int status = nvitop_session_open(nullptr, &opened);
    const Session session(opened);
    if (status == NVITOP_OK)
        status = nvitop_snapshot_take(session.get(), nullptr, &taken);
    const Snapshot snapshot(taken);
    if (status != NVITOP_OK) {
        std::fprintf(stderr, "processes: %s\n", nvitop_status_text(status));
        return 1;
    }
    std::vector<size_t> rows(nvitop_snapshot_process_count(snapshot.get()));
    for (size_t row = 0; row < rows.size(); row++)
        rows[row] = row;
    const auto memory = [&](size_t row) { return get(snapshot, NVITOP_PROC_GPU_MEMORY, row).u.i; };
    std::stable_sort(rows.begin(), rows.end(),
                     [&](size_t a, size_t b) { return memory(a) > memory(b); });
    for (const size_t row : rows)
        print_process(snapshot, row);
}
