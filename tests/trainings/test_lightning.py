"""Lightning, both packages: a real Trainer calls the hooks, and its loggers have what the GPU said.

There is no CUDA here, so the training runs on the CPU and the device that the callback asks the
trainer's strategy for is said to be the first of CUDA, while it asks.
"""

import csv

import pytest

PACKAGES = ['lightning.pytorch', 'pytorch_lightning']

TRAIN = '''
    import sys, unittest.mock, warnings
    warnings.simplefilter('ignore')
    import torch
    import {package} as pl
    from {package}.loggers import CSVLogger, TensorBoardLogger
    from nvitop.callbacks.{module} import GpuStatsLogger, MisconfigurationException
    class Module(pl.LightningModule):
        def __init__(self):
            super().__init__()
            self.layer = torch.nn.Linear(2, 1)
        def training_step(self, batch, batch_idx):
            return self.layer(batch).sum()
        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), 0.1)
    class OnCuda(GpuStatsLogger):
        def on_train_start(self, trainer, pl_module):
            device = torch.device('cuda', 0)
            with unittest.mock.patch.object(type(trainer.strategy), 'root_device', device):
                super().on_train_start(trainer, pl_module)
    flags = dict(temperature=True, intra_step_time=True, inter_step_time=True)
    data = torch.utils.data.DataLoader(torch.ones(8, 2), batch_size=4)
    def fit(stats, logger):
        trainer = pl.Trainer(accelerator='cpu', devices=1, max_epochs=2, log_every_n_steps=1, logger=logger,
                             enable_progress_bar=False, enable_model_summary=False, enable_checkpointing=False,
                             default_root_dir=sys.argv[1], callbacks=[stats])
        trainer.fit(Module(), data)
'''


def script(package, body):
    """A training with one of the packages."""
    module = 'lightning' if package.startswith('lightning') else package
    return TRAIN.replace('{package}', package).replace('{module}', module) + body


@pytest.mark.parametrize('package', PACKAGES)
def test_trainings_without_gpu_or_logger_are_refused(train, package):
    assert train(script(package, '''
    for logger in CSVLogger(sys.argv[1]), False:
        try:
            fit(GpuStatsLogger(), logger)
        except MisconfigurationException as error:
            print('told', error)
''')) == ['You are using GpuStatsLogger but are not running on GPU. The root device type is cpu.',
          'Cannot use GpuStatsLogger callback with Trainer that has no logger.']


WANTED = {'utilization.memory (%)': 31.0, 'utilization.gpu (%)': 57.0, 'memory.used (MiB)': 2048.0,
          'memory.free (MiB)': 22528.0, 'temperature.gpu (C)': 61.0}


@pytest.mark.parametrize('package', PACKAGES)
def test_all_loggers_have_the_state_of_the_gpus(train, tmp_path, scalars, package):
    train(script(package, '''
    fit(OnCuda(**flags), [CSVLogger(sys.argv[1]), TensorBoardLogger(sys.argv[1])])
'''))
    path, = tmp_path.rglob('metrics.csv')
    rows = list(csv.DictReader(path.open()))
    assert [row['step'] for row in rows] == ['0', '1', '1', '2', '2', '3', '3', '4']
    for row in rows:
        assert {name: float(row[f'gpu_id: 0/{name}']) for name in WANTED} == WANTED
    assert [bool(row['batch_time/intra_step (ms)']) for row in rows] == [False, True] * 4
    assert [bool(row['batch_time/inter_step (ms)']) for row in rows] == [False, False, True, False] * 2
    written = scalars(tmp_path)
    for name, value in WANTED.items():
        assert written[f'gpu_id: 0/{name}'] == [(int(row['step']), value) for row in rows]
