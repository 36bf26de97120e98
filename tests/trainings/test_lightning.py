"""Lightning, both packages: a real Trainer calls the hooks, and its loggers have what the GPU said.

There is no CUDA here, so the training runs on the CPU and the device that the callback asks the
trainer's strategy for is said to be the first of CUDA, while it asks.
"""

import csv

import pytest
import troubles

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
    def make(stats, logger, *others, **options):
        return pl.Trainer(**dict(dict(
            accelerator='cpu', devices=1, max_epochs=2, log_every_n_steps=1, logger=logger, callbacks=[stats, *others],
            enable_progress_bar=False, enable_model_summary=False, enable_checkpointing=False,
            default_root_dir=sys.argv[1]), **options))
    def fit(stats, logger, *others, **options):
        make(stats, logger, *others, **options).fit(Module(), data)
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


def test_training_never_waits_for_the_driver(train, tmp_path):
    (tmp_path / 'clock').write_text('0')
    assert train(script('lightning.pytorch', troubles.SCRIPT + '''
    class Timed(OnCuda):
        def on_train_batch_start(self, *arguments):
            timed(super().on_train_batch_start, *arguments)
        def on_train_batch_end(self, *arguments):
            timed(super().on_train_batch_end, *arguments)
        def on_train_end(self, *arguments):
            timed(super().on_train_end, *arguments)
    class Logger(CSVLogger):
        def log_metrics(self, metrics, step):
            state['utilization'] = metrics['gpu_id: 0/utilization.gpu (%)']
    class Trouble(pl.Callback):
        def on_train_batch_end(self, trainer, *arguments):
            trainer.should_stop = next(stages)
    fit(Timed(interval=0.05), Logger(sys.argv[1]), Trouble(), max_epochs=-1)
    tell_hooks()
'''), troubles.GPUS, NVITOP_SIM_CLOCK=str(tmp_path / 'clock')) == troubles.TOLD


@pytest.mark.parametrize('package', PACKAGES)
def test_one_callback_for_many_trainings(train, package):
    """Of every kind that there is; each logs twice a batch, and none leaves a thread, not even one that fails."""
    assert train(script(package, '''
    import copy, pickle, threading
    class Logger(CSVLogger):
        count = 0
        def log_metrics(self, metrics, step):
            self.count += 'gpu_id: 0/utilization.gpu (%)' in metrics
    class ByHand(Module):
        automatic_optimization = False
        def training_step(self, batch, batch_idx):
            for optimizer in self.optimizers():
                optimizer.zero_grad()
                self.manual_backward(self.layer(batch).sum())
                optimizer.step()
        def configure_optimizers(self):
            return [torch.optim.SGD(self.parameters(), 0.1), torch.optim.Adam(self.parameters(), 0.1)]
    class Validated(Module):
        def validation_step(self, batch, batch_idx):
            self.log('val_loss', self.layer(batch).sum())
    class Failing(Module):
        def training_step(self, batch, batch_idx):
            print('told', 'gpu-stats-sampler' in names())
            raise KeyError('on purpose')
    def names():
        return [thread.name for thread in threading.enumerate()]
    def told(*what):
        print('told', *what, logger.count, 'gpu-stats-sampler' in names())
        logger.count = 0
    stats, logger = OnCuda(interval=0.01), Logger(sys.argv[1])
    trainer = make(stats, logger)
    trainer.fit(Module(), data)
    told('once')
    trainer.fit_loop.max_epochs = 5
    trainer.fit(Module(), data)
    told('more epochs')
    make(stats, logger).fit(ByHand(), data)
    told('two optimizers')
    make(stats, logger, accumulate_grad_batches=2).fit(Module(), data)
    told('accumulated')
    trainer = make(stats, logger, val_check_interval=1)
    trainer.fit(Validated(), data, data)
    told('validated', 'val_loss' in trainer.callback_metrics)
    trainer.validate(Validated(), data, verbose=False)
    told('only validated')
    try:
        make(stats, logger).fit(Failing(), data)
    except KeyError as error:
        told(error)
    for copied in pickle.loads(pickle.dumps(GpuStatsLogger())), copy.deepcopy(stats):
        copied.__class__ = OnCuda
        make(copied, logger).fit(Module(), data)
        told('copied')
''')) == ['once 8 False', 'more epochs 12 False', 'two optimizers 8 False', 'accumulated 8 False',
           'validated True 8 False', 'only validated 0 False', 'True', "'on purpose' 1 False"] + ['copied 8 False'] * 2


@pytest.mark.parametrize('package', PACKAGES)
def test_strategy_of_several_devices(train, tmp_path, package):
    """In two processes that are forked where the driver is open; the first logs both GPUs."""
    train(script(package, '''
    if __name__ == '__main__':
        fit(OnCuda(**flags), CSVLogger(sys.argv[1]), devices=2, strategy='ddp_fork')
'''), '[device 1]\ntemperature = 45')
    path, = tmp_path.rglob('metrics.csv')
    rows = list(csv.DictReader(path.open()))
    assert len(rows) == 4
    for row in rows:
        assert [row[f'gpu_id: {i}/temperature.gpu (C)'] for i in (0, 1)] == ['61.0', '45.0']
