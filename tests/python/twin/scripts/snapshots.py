"""take_snapshots: which devices, and which processes where."""

devices = Device.all()
leaves = [leaf for device in devices for leaf in device.to_leaf_devices()]
processes = sorted((process for leaf in leaves for process in leaf.processes().values()), key=lambda one: (str(one.device.index), one.pid))
some = [process for process in processes if process.pid == processes[0].pid]


def shown(result):
    """Which ones; names and numbers of each are told elsewhere."""
    return [one.real.index for one in result.devices], sorted((one.pid, one.device.index) for one in result.gpu_processes)


for text in ('', 'None', 'devices', 'devices[::-1]', 'iter(devices)', 'Device(1)', 'devices=Device(0)', '[Device(0), Device(0)]', '[]',
             'CudaDevice.all()', 'MigDevice.all()', '5', '[5]', 'gpu_processes=True', 'gpu_processes=False', 'gpu_processes=[]',
             'gpu_processes=processes', 'gpu_processes=iter(processes)', 'gpu_processes=processes[1]', 'gpu_processes=some * 2',
             'gpu_processes=5', 'gpu_processes=[5]', 'devices[0], gpu_processes=processes', 'devices, gpu_processes=[]',
             'devices[1:], gpu_processes=True', 'devices, gpu_processes=False', '[], gpu_processes=True', '[], gpu_processes=some',
             'Device(0), []'):
    at(text)
    eval(f'shown(take_snapshots({text}))')
at()
result = take_snapshots(Device(1))
type(result)
result._fields
[type(one) for one in result.devices]
[type(one.real) for one in result.devices]
[type(one.real) for one in result.gpu_processes]
[one.host is two.host for one, two in zip(take_snapshots(gpu_processes=some).gpu_processes, some)]
[one.device is result.devices[0].real for one in result.gpu_processes]
[sorted(one.__dict__) for one in result.gpu_processes]
take_snapshots(CudaDevice.all()).devices[0].cuda_index
