"""Processes of torch: workers of a DataLoader, and what is sent between processes.

A collector samples all the while, in a thread that no child of a fork inherits; workers ask the
driver themselves, by a device of their parent's and by one of their own.
"""

import pytest

CALM = f'[61, {2 << 30}, 61]'

LOADER = '''
    import threading
    import torch
    from nvitop import NA, Device, ResourceMetricCollector, collect_in_background
    def told(*what):
        print('told', *what, flush=True)
    class Numbers(torch.utils.data.Dataset):
        def __init__(self, device):
            self.device = device
        def __len__(self):
            return 8
        def __getitem__(self, index):
            own = ResourceMetricCollector([Device(0)], root_pids={1})
            with own(tag='worker'):
                metrics = own.collect()
            return torch.tensor([self.device.temperature(), Device(0).memory_used(),
                                 metrics['worker/gpu:0/temperature (C)/last']], dtype=torch.int64)
    def load(method):
        loader = torch.utils.data.DataLoader(Numbers(Device(0)), batch_size=2, num_workers=2,
                                             multiprocessing_context=method)
        return [row.tolist() for batch in loader for row in batch]
'''


@pytest.mark.parametrize('method', ['fork', 'spawn', 'forkserver'])
def test_workers_ask_the_driver_while_a_collector_samples(train, method):
    """Twice, since the second time the parent has been forked from before; no thread or child is left."""
    assert train(LOADER + f'''
    def on_collect(metrics):
        again.set()
        return wanted
    if __name__ == '__main__':
        wanted, again = True, threading.Event()
        background = collect_in_background(on_collect, ResourceMetricCollector(Device.all()), interval=0.01)
        collector = ResourceMetricCollector(Device.all(), interval=0.01)
        with collector(tag='train'):
            for epoch in range({1 + (method == 'fork')}):
                told(*load({method!r}))
                again.clear()
                metrics = collector.collect()
                told(metrics['train/gpu:0/temperature (C)/mean'], metrics['train/duration (s)'] > 0, again.wait(60))
        wanted = False
        background.join()
        del collector, background
        told(torch.multiprocessing.active_children(), [thread.name for thread in threading.enumerate()])
''') == [' '.join([CALM] * 8), '61.0 True True'] * (1 + (method == 'fork')) + ["[] ['MainThread']"]


@pytest.mark.parametrize('method', ['fork', 'spawn'])
def test_objects_go_from_process_to_process(train, method):
    assert train(LOADER + f'''
    def answer(queue, device, process, na):
        queue.put((device, process, device.as_snapshot(), process.as_snapshot(), na is NA, na))
    if __name__ == '__main__':
        device, context = Device(0), torch.multiprocessing.get_context({method!r})
        process, = device.processes().values()
        queue = context.Queue()
        child = context.Process(target=answer, args=(queue, device, process, NA))
        child.start()
        its_device, its_process, snapshot, process_snapshot, was_na, na = queue.get()
        child.join()
        told(child.exitcode, its_device == device, its_device.temperature(), its_process == process, was_na, na is NA)
        told(snapshot.real == device, snapshot.temperature, snapshot.fan_speed is NA, snapshot.power_usage)
        told(process_snapshot.real == process, process_snapshot.gpu_memory, process_snapshot.gpu_sm_utilization)
''') == ['0 True 61 True True True', 'True 61 True 123000', f'True {2 << 30} 42']
