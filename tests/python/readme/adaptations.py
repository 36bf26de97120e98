"""What is run and compared in place of what stands in the README's blocks, and why; nothing else is changed.

`AN_INT`, `A_FLOAT` and `A_TEXT` in what is printed are any of these, and a number with more than six
decimals is any measurement. Pids: see `playing.py`. What stands behind a comma is the way in which that
block is run.
"""

from __future__ import annotations

from typing import NamedTuple


class Adaptation(NamedTuple):
    """In that block, this text is replaced, wherever it stands."""

    block: str
    readme: str
    here: str
    why: str


ADAPTATIONS = [Adaptation(*row) for row in [
    ('02-keras', 'from tensorflow.python.keras.utils.multi_gpu_utils import multi_gpu_model\n',
     'import numpy\nfrom keras.applications import Xception\n', 'TensorFlow has that no more; names that the block does not make'),
    ('02-keras', 'model = multi_gpu_model(model, gpus)\n', '', 'optional, says the README, and TensorFlow has it no more'),
    ('02-keras', 'weights=None, ..', 'weights=None, input_shape=(71, 71, 3), classes=2', 'dots for what the user has; the least it takes'),
    ('02-keras', 'compile(..)', "compile(loss='mse', run_eagerly=True)", 'dots; there is one batch, nothing to compile for'),
    ('02-keras', 'fit(..,', 'fit(numpy.ones((2, 71, 71, 3)), numpy.ones((2, 2)), verbose=0,', 'dots'),
    ('02-keras, torch', 'tensorflow.python.keras.callbacks import TensorBoard', 'keras.callbacks import CSVLogger',
     'TensorBoard of Keras needs TensorFlow; the README names this one in its place'),
    ('02-keras, torch', "TensorBoard(log_dir='./logs')", "CSVLogger('log.csv')", 'see above'),
    ('02-keras, tensorflow', 'tensorflow.python.keras.callbacks', 'tensorflow.keras.callbacks', 'an inner name of old'),

    ('03-lightning', 'gpus=[..]', 'gpus=[0, 1]', 'dots'),
    ('03-lightning', 'gpu_stats = ', 'import torch\ntorch.cuda.device_count = lambda: 2\ngpu_stats = ', 'GPUs without CUDA'),

    ('08-tensorboard', '\n...\n', """
torch.manual_seed(0)
num_epoch, train_dataset, validation_dataset = 2, list(torch.ones(3, 4, 2)), torch.ones(4, 2)
net = nn.Linear(2, 1)
optimizer = torch.optim.SGD(net.parameters(), 0.1)

def validate(net, batch):
    return {'loss': F.mse_loss(net(batch), torch.ones(len(batch), 1))}

def train(net, batch):
    optimizer.zero_grad()
    metrics = validate(net, batch)
    metrics['loss'].backward()
    optimizer.step()
    return metrics
""", 'dots for networks and data; the least that trains'),

    ('09-csv', '(60)\n\n', '(0)\n\n', 'an hour is too long for a test'),

    ('06-snapshot', ' DeviceSnapshot', ' PhysicalDeviceSnapshot', 'an older name; block 10 has the new one'),
    ('06-snapshot', '=Device(index', '=PhysicalDevice(index', 'an older name'),
    ('06-snapshot', 'pid=xxxxxx, device', 'pid=xxxxxx, ..., device', 'abbreviated without dots'),

    ('07-collector', '   ...:     collector.collect()\n{',
     '   ...:     metrics = collector.collect()\n   ...: metrics\nOut[6]: {', 'IPython prints nothing from inside of a block'),
    ('07-collector', ",\n    '<tag>", " ...,\n    '<tag>", 'abbreviated without dots, and the newer `last` is not there'),
    ('07-collector', ' 6.1 ', ' A_FLOAT ', 'measured'),
    ('07-collector', ' 28.1,', ' A_FLOAT,', 'measured'),
    ('07-collector', ': 21.5 ', ': 28.9 ', 'the machine is that of block 14'),
    ('07-collector', ': 0.3 ', ': 0.0 ', 'the machine is that of block 14'),
    ('07-collector', 'pid:12345', 'pid:35783', 'the example itself, with the pid that it has in block 13'),
    ('07-collector', "    '<tag>/pid:35783/host/running_time (min)': 336.23803206741576 ...,\n", '', 'moved, see the next'),
    ('07-collector', "    '<tag>/duration", "    '<tag>/pid:35783/host/running_time (min)': A_FLOAT,\n    '<tag>/duration",
     'all releases list it there'),
    ('07-collector', '1655909466.9981883\n', "A_FLOAT,\n    '<tag>/last_timestamp': A_FLOAT\n", 'the last one is of 1.7'),
    ('07-collector', '(gpu:4)', '(gpu:2)', 'CUDA 1 is GPU 2 in the same answer'),

    ('10-device', 'GPU-xxxxxxxx-...', 'GPU-01234567-89ab-cdef-0123-6789abcdef01', 'a placeholder'),
    ('10-device', 'Device.cuda(4)', 'Device.cuda(3)', 'four devices are visible, so there is no fifth'),
    ('10-device', '"NVIDIA GeForce', '"GeForce', 'a newer driver than that of the same session'),
    ('10-device', "'8862MiB'", "'8863MiB'", 'rounded since 0.7.1, not cut off'),
    ('10-device', '1041MiB', '1042MiB', 'rounded'),
    ('10-device', "'9977MiB'", "'9978MiB'", 'rounded'),
    ('10-device', "    compute_mode='Default',\n    clock", '    clock', 'in its place by the alphabet, see the next'),
    ('10-device', '    current_driver', "    compute_mode='Default',\n    cuda_compute_capability=(7, 5),\n    current_driver",
     'the second one is of 1.7'),
    ('10-device', 'used=1092485120)\n    m', 'used=1092485120),\n    m', 'a comma is missing'),
    ('10-device', 'used=1092485120)', "used=1092485120, reserved='N/A')", 'the last one is of 1.7'),
    ('10-device', 'used=10813440)', "used=10813440, reserved='N/A')", 'of 1.7'),
    ('10-device', '    performance', '    pcie_rx_throughput=0,\n    ...,\n    performance', 'of 1.7'),
    ('10-device', '    power_limit', '    physical_index=1,\n    power_limit', 'of 1.7'),

    ('11-na', 'memory_used: Union', 'from typing import Union\nfrom nvitop import NaType\ndevice = nvidia0\nmemory_used: Union',
     'names that the lines do not make'),

    ('13-process', '=Device(index', '=PhysicalDevice(index', 'an older name'),
    ('13-process', "    gpu_encoder_utilization=0,\n    gpu_decoder_utilization=0,",
     "    gpu_decoder_utilization=0,\n    gpu_encoder_utilization=0,", 'by the alphabet, as the rest'),
    ('13-process', '98.5', 'A_FLOAT', 'measured'),
    ('13-process', '9113627439', '9113628672', 'no process has a part of a page'),
    ('13-process', 'seconds=80013, microseconds=470024', 'seconds=AN_INT, microseconds=AN_INT', 'time goes on'),
    ('13-process', "'46:13:33'", 'A_TEXT', 'time goes on'),
    ('13-process', '166413.470024', 'A_FLOAT', 'time goes on'),
    ('13-process', "'panxuehai'", 'A_TEXT', 'who has the number 1001 is not for a test to say'),
    ('13-process', 'process.kill()', 'process.kill()\n    ...: while 23266 in nvidia1.processes(): pass',
     'it takes a moment to be gone'),
    ('13-process', 'NVIDIA GeForce', 'GeForce', 'a newer driver than that of the same session'),

    ('14-host', ' 88\n', ' AN_INT\n', 'of the real machine'),
    ('14-host', '18.5', 'A_FLOAT', 'measured'),
    ('14-host', '14.88, 17.8, 19.91', 'A_FLOAT, A_FLOAT, A_FLOAT', 'of the real machine'),
    ('14-host', 'used=53350518784', 'used=78076510208', 'psutil 7 reckons all but `available` as used'),
]]
