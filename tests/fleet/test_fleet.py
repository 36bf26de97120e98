"""Dashboards, rules and alerts over a fleet: a real Prometheus scrapes twenty exporters, and answers what
their snapshots say. The scenarios' time stands still, so that both tell of the same moment."""

import math
import urllib.parse

import pytest

import dashboards
import fleet as fleets
import wanted

BOARDS = {'node': wanted.NODE, 'fleet': wanted.FLEET, 'users': wanted.USERS}
# What `All` and a choice of several become; the second is only for boards that offer it. All jobs are those
# that the variable offers, see test_dashboards.
ALL = {'job': fleets.JOB, 'instance': '.*'}
SOME = {'job': fleets.JOB, 'instance': '(big|cut|lost)', 'user': '(games|www-data)'}


@pytest.fixture(scope='module')
def fleet(tmp_path_factory):
    with fleets.fleet(tmp_path_factory.mktemp('fleet')) as running:
        prometheus = running.prometheus
        fleets.eventually(lambda: set(running.machines) - {labels['instance'] for labels, _ in prometheus.query('up == 1')})
        yield running


def difference(stated: wanted.Wanted, docs: dict, found: list) -> str:
    """What is wrong with an answer, or nothing."""
    answer = {}
    for labels, value in found:
        key = tuple(labels.get(name, '') for name in stated.labels)
        if key in answer:
            return f'{dict(zip(stated.labels, key))} stands there twice'
        answer[key] = value
    expected = stated.read(docs)
    if answer.keys() != expected.keys():
        return f'missing {sorted(expected.keys() - answer.keys())}, too much {sorted(answer.keys() - expected.keys())}'
    wrong = {key: (value, expected[key]) for key, value in answer.items() if not math.isclose(value, expected[key], rel_tol=1e-9)}
    return f'found and wanted: {wrong}' if wrong else ''


def chosen_docs(docs: dict, chosen: dict) -> dict:
    """The snapshots that a choice of machines and users leaves."""
    names = chosen['instance'].strip('()').split('|')
    users = chosen.get('user', '.*').strip('()').split('|')
    left = {name: doc for name, doc in docs.items() if names == ['.*'] or name in names}
    if users == ['.*']:
        return left
    return {name: {**doc, 'processes': [row for row in doc['processes'] if row['username'] in users]}
            for name, doc in left.items()}


def choices(board: str) -> list[dict]:
    if board == 'node':
        return [{**ALL, 'instance': name} for name in fleets.MACHINES]
    return [ALL, {name: value for name, value in SOME.items() if name != 'user' or board == 'users'}]


def test_every_query_is_stated_or_has_a_reason():
    for board, panels in BOARDS.items():
        there = {(query.panel, query.place) for query in dashboards.queries(board)}
        assert there == {(panel, place) for panel, rows in panels.items() for place in range(len(rows))}, board


@pytest.mark.parametrize('board', BOARDS)
def test_queries_give_what_the_simulator_says(fleet, board):
    given = set()

    def differences():
        docs, wrong = fleet.docs(), []
        for chosen in choices(board):
            left = chosen_docs(docs, chosen)
            for query in dashboards.queries(board):
                found = fleet.prometheus.query(dashboards.filled(query.expr, chosen))
                if found:
                    given.add((query.panel, query.place))
                stated = BOARDS[board][query.panel][query.place]
                if isinstance(stated, wanted.Wanted) and (text := difference(stated, left, found)):
                    wrong.append(f'{chosen["instance"]}: {query.panel} {query.place}: {text}')
        for query in dashboards.queries(board):
            if (query.panel, query.place) not in given and 'swap' not in query.legend:
                wrong.append(f'{query.panel} {query.place}: nothing anywhere')
        return wrong[:5]
    fleets.eventually(differences)


def values_of(fleet, definition: str, chosen: dict) -> list[str]:
    """What Grafana offers for a variable label_values(SERIES, LABEL)."""
    series, label = dashboards.filled(definition, chosen).removeprefix('label_values(').removesuffix(')').rsplit(', ', 1)
    return fleet.prometheus.api(f'label/{urllib.parse.quote(label)}/values', **{'match[]': series})


@pytest.mark.parametrize('board', BOARDS)
def test_variables_offer_what_there_is(fleet, board):
    offered = {one['name']: values_of(fleet, one['definition'], ALL)
               for one in dashboards.load(board)['templating']['list'] if one['type'] == 'query'}
    docs = fleet.docs()
    assert offered['job'] == [fleets.JOB]
    assert offered['instance'] == sorted(fleets.MACHINES)
    if 'gpu' in offered:
        assert offered['gpu'] == sorted({str(device['index']) for doc in docs.values() for device in doc['devices']})
    if 'user' in offered:
        assert offered['user'] == sorted({row['username'] for doc in docs.values() for row in doc['processes'] if row['username']})


def test_records_say_what_the_simulator_says(fleet):
    groups = fleet.prometheus.api('rules', type='record')['groups']
    assert sorted(rule['name'] for group in groups for rule in group['rules']) == sorted(wanted.RECORDS)

    def differences():
        docs = fleet.docs()
        found = {name: difference(stated, docs, fleet.prometheus.query(f'{{__name__="{name}"}}'))
                 for name, stated in wanted.RECORDS.items()}
        return {name: text for name, text in found.items() if text}
    fleets.eventually(differences)


def firing(fleet, name: str) -> set:
    """Of one alert: the machines, GPUs and users that it fires for."""
    return {tuple(alert['labels'].get(label, '') for label in ('instance', 'gpu', 'gpu_instance', 'user'))
            for alert in fleet.prometheus.api('alerts')['alerts']
            if alert['labels']['alertname'] == name and alert['state'] == 'firing'}


def alert_differences(fleet, more: dict) -> dict:
    """Between what fires and what, told by the snapshots, has to; `more` of those that these cannot tell."""
    docs = fleet.docs()
    expected = {name: set(wanted.by('instance gpu gpu_instance user', len, stream).read(docs))
                for name, stream in wanted.ALERTS.items()}
    expected.update(more)
    found = {name: firing(fleet, name) for name in expected}
    return {name: (found[name], expected[name]) for name in expected if found[name] != expected[name]}


def test_alerts_fire_for_what_happens_and_for_nothing_else(fleet):
    quiet = {name: set() for name in ('NvitopExporterDown', 'NvitopGpuEccUncorrected', 'NvitopExporterMissing', 'NvitopExporterStuck',
                                   'NvitopGpuMissing')}
    quiet['NvitopGpuXid'] = {('batch', '0', '', '')}
    fleets.eventually(lambda: alert_differences(fleet, quiet))
    before = {name: firing(fleet, name) for name in [*wanted.ALERTS, *quiet]}
    for name, (_, added) in fleets.MACHINES.items():
        if '@100s' in added or '_at' in added:
            fleet.machines[name].set_clock(fleets.TROUBLE)
    fleet.kill('dead')
    loud = {**quiet, 'NvitopExporterDown': {('dead', '', '', '')}, 'NvitopGpuEccUncorrected': {('errors', '0', '', '')},
            'NvitopGpuXid': {('batch', '0', '', ''), ('errors', '0', '', '')}}
    fleets.eventually(lambda: alert_differences(fleet, loud))
    news = {(name, *alert[:2]) for name in before for alert in firing(fleet, name) - before[name]
            if name != 'NvitopGpuHeldIdle'}
    assert news == {('NvitopExporterDown', 'dead', ''), ('NvitopGpuDown', 'falls', '1'), ('NvitopGpuThermalSlowdown', 'hot', '0'),
                    ('NvitopGpuPowerBrake', 'brake', '0'), ('NvitopGpuMemoryAlmostFull', 'full', '0'),
                    ('NvitopGpuEccUncorrected', 'errors', '0'), ('NvitopGpuResetPending', 'errors', '0'),
                    ('NvitopGpuRemapFailed', 'errors', '0'), ('NvitopGpuXid', 'errors', '0')}
    assert ('NvitopGpuDown', 'lost', '1') in {('NvitopGpuDown', *alert[:2]) for alert in before['NvitopGpuDown']}
    assert before['NvitopDriverDown'] and before['NvitopGpuHeldIdle']


def test_alerts_name_the_machine(fleet):
    alerts = fleet.prometheus.api('alerts')['alerts']
    assert alerts
    for alert in alerts:
        summary = alert['annotations']['summary']
        assert summary.startswith(alert['labels']['instance'] + ': ')
        assert 'gpu' not in alert['labels'] or f'GPU {alert["labels"]["gpu"]}' in summary
        assert '<no value>' not in str(alert['annotations'])


def test_no_rule_failed(fleet):
    rules = [rule for group in fleet.prometheus.api('rules')['groups'] for rule in group['rules']]
    assert len(rules) > 20
    assert [(rule['name'], rule['lastError']) for rule in rules if rule['health'] != 'ok' or rule.get('lastError')] == []


def test_jobs_are_seen(fleet):
    """So that the tables by job are compared with something."""
    assert fleet.prometheus.query('nvitop_process_info{instance="batch", slurm_job_id!=""}')
