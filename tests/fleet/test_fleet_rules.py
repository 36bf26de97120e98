"""The rules for Prometheus: promtool takes them, and its tests of them would see each alert change."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from support import paths

RULES = paths.ROOT / 'contrib/prometheus'
TESTS = Path(__file__).with_name('rules.test.yml')


def read(name: str) -> list[dict]:
    return [rule for group in yaml.safe_load((RULES / name).read_text())['groups'] for rule in group['rules']]


ALERTS = read('nvitop-alerts.yml')


def promtool(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run(['promtool', *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize('name', sorted(path.name for path in RULES.glob('*.yml')))
def test_promtool_takes_them(name):
    done = promtool('check', 'rules', '--lint-fatal', RULES / name)
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_tests_them():
    done = promtool('test', 'rules', TESTS)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_fires_and_does_not():
    asked = [test for group in yaml.safe_load(TESTS.read_text())['tests'] for test in group.get('alert_rule_test', ())]
    for is_firing in (True, False):
        assert {test['alertname'] for test in asked if bool(test['exp_alerts']) == is_firing} == \
            {rule['alert'] for rule in ALERTS}


def test_each_record_is_asked_for():
    asked = ' '.join(sample['labels'] for group in yaml.safe_load(TESTS.read_text())['tests']
                     for test in group.get('promql_expr_test', ()) for sample in test['exp_samples'])
    for rule in read('nvitop-recording.yml'):
        assert rule['record'] + '{' in asked


def changed(folder: Path, rule: dict, **what) -> Path:
    """promtool's tests beside a copy of the rules in which one alert is another."""
    for name in ('nvitop-recording.yml', 'nvitop-alerts.yml'):
        shutil.copy(RULES / name, folder)
    alerts = yaml.safe_load((folder / 'nvitop-alerts.yml').read_text())
    for group in alerts['groups']:
        for one in group['rules']:
            if one['alert'] == rule['alert']:
                one.update(what)
    (folder / 'nvitop-alerts.yml').write_text(yaml.safe_dump(alerts))
    (folder / TESTS.name).write_text(TESTS.read_text().replace('../../contrib/prometheus/', ''))
    return folder / TESTS.name


@pytest.mark.parametrize('rule', ALERTS, ids=lambda rule: rule['alert'])
def test_an_alert_that_never_fires_is_seen(tmp_path, rule):
    done = promtool('test', 'rules', changed(tmp_path, rule, expr='vector(1) > 2'))
    assert done.returncode != 0 and rule['alert'] in done.stdout + done.stderr


@pytest.mark.parametrize('rule', [rule for rule in ALERTS if 'for' in rule], ids=lambda rule: rule['alert'])
def test_an_alert_that_waits_for_nothing_is_seen(tmp_path, rule):
    done = promtool('test', 'rules', changed(tmp_path, rule, **{'for': '0s'}))
    assert done.returncode != 0 and rule['alert'] in done.stdout + done.stderr


def test_alerts_say_where_and_what_to_do():
    for rule in ALERTS:
        assert rule['alert'].startswith('Nvitop') and rule['labels']['severity'] in {'critical', 'warning', 'info'}
        assert set(rule['annotations']) == {'summary', 'description'}
        text = ' '.join(rule['annotations'].values())
        if 'absent' not in rule['expr']:
            assert '$labels.instance' in text, rule['alert']
        if rule['alert'].startswith('NvitopGpu') and rule['alert'] != 'NvitopGpuMissing':
            assert '$labels.gpu ' in rule['annotations']['summary'] + rule['annotations']['description']
        assert re.search(r'(?i)\b(see|run|look|take|ask|reset|silence)\b', rule['annotations']['description']), rule['alert']


def test_the_docs_list_them():
    table = (paths.ROOT / 'docs/fleet.md').read_text(encoding='utf-8').partition('<!-- table: alerts -->\n')[2].partition('\n\n')[0]
    listed = re.findall(r'^\| `(\w+)` \| .* \| (\w+) \|$', table, re.M)
    assert listed == [(rule['alert'], rule['labels']['severity']) for rule in ALERTS]


def test_the_docs_list_what_is_recorded():
    page = (paths.ROOT / 'docs/fleet.md').read_text(encoding='utf-8')
    assert set(re.findall(r'`(\w+:\w+:\w+)`', page)) == {rule['record'] for rule in read('nvitop-recording.yml')}
