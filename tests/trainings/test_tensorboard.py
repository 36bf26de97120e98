"""add_scalar_dict: real writers, and event files that are read back.

tensorboardX writes an underscore for what it allows in no tag, so tags are compared that way.
"""

import pytest


@pytest.mark.parametrize('package', ['torch.utils.tensorboard', 'tensorboardX'])
def test_events_are_the_collectors_numbers(train, package):
    assert train(f'''
    import sys, pathlib
    from {package} import SummaryWriter
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from nvitop import CudaDevice, ResourceMetricCollector
    from nvitop.callbacks.tensorboard import add_scalar_dict
    writer = SummaryWriter(sys.argv[1])
    collector = ResourceMetricCollector(CudaDevice.all(), root_pids={{1}})
    with collector(tag='train'):
        for step in range(2):
            metrics = collector.collect()
            add_scalar_dict(writer, 'resources', metrics, global_step=step)
    writer.close()
    event_file, = pathlib.Path(sys.argv[1]).glob('events.*')
    events = EventAccumulator(str(event_file))
    events.Reload()
    print('told', len(events.Tags()['scalars']) == len(metrics))
    def plain(tag):
        return ''.join(letter if letter.isalnum() or letter in '/_' else '_' for letter in tag)
    tags = {{plain(tag): tag for tag in events.Tags()['scalars']}}
    for name in ('temperature (C)', 'power_usage (W)'):
        written = events.Scalars(tags[plain(f'resources/train/cuda:0 (gpu:0)/{{name}}/last')])
        print('told', name, [(event.step, event.value) for event in written])
    ''') == ['True', 'temperature (C) [(0, 61.0), (1, 61.0)]', 'power_usage (W) [(0, 123.0), (1, 123.0)]']
