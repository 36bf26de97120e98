"""add_scalar_dict: real writers, and event files that are read back.

tensorboardX writes an underscore for what it allows in no tag, so tags are compared that way.
"""

import re

import pytest


@pytest.mark.parametrize('package', ['torch.utils.tensorboard', 'tensorboardX'])
def test_events_are_the_collectors_numbers(train, tmp_path, scalars, package):
    names = train(f'''
    import sys
    from {package} import SummaryWriter
    from nvitop import CudaDevice, ResourceMetricCollector
    from nvitop.callbacks.tensorboard import add_scalar_dict
    writer = SummaryWriter(sys.argv[1])
    collector = ResourceMetricCollector(CudaDevice.all(), root_pids={{1}})
    with collector(tag='train'):
        for step in range(2):
            metrics = collector.collect()
            add_scalar_dict(writer, 'resources', metrics, global_step=step)
    writer.close()
    for name in metrics:
        print('told', name)
    ''')
    written = {plain(tag): events for tag, events in scalars(tmp_path).items()}
    assert set(written) == {plain(f'resources/{name}') for name in names} and len(written) == len(names) > 40
    for name, value in (('temperature (C)', 61.0), ('power_usage (W)', 123.0)):
        assert written[plain(f'resources/train/cuda:0 (gpu:0)/{name}/last')] == [(0, value), (1, value)]


def plain(tag):
    return re.sub('[^A-Za-z0-9/_]', '_', tag)
