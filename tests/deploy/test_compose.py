"""contrib/docker: a compose file that its specification takes, and a Prometheus that takes what it is given."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest
import yaml
from support import paths, term

import dockerfile

FOLDER = paths.ROOT / 'contrib' / 'docker'
FILE = FOLDER / 'compose.yaml'
SCHEMA = Path(os.environ.get('NVITOP_COMPOSE', paths.ROOT / '.venv/compose')) / 'compose/config/compose_spec.json'


@pytest.fixture(scope='module')
def services():
    return yaml.safe_load(FILE.read_text())['services']


def check(document):
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.Draft7Validator(schema).validate(document)


def test_schema():
    check(yaml.safe_load(FILE.read_text()))


@pytest.mark.parametrize('key, value', [('pids', 'host'), ('read_only', 'often'), ('ports', {'8000': 8000})])
def test_schema_would_find_it(key, value):
    document = yaml.safe_load(FILE.read_text())
    document['services']['nvitop-exporter'][key] = value
    with pytest.raises(jsonschema.ValidationError):
        check(document)


def test_exporter_is_that_of_the_dockerfile(services):
    exporter = services['nvitop-exporter']
    assert (FOLDER / exporter['build']['context']).resolve() == paths.ROOT
    assert exporter['build']['target'] in dockerfile.stages()
    assert [port.rpartition(':')[2] for port in exporter['ports']] == dockerfile.values('exporter', 'EXPOSE')
    assert exporter['pid'] == 'host'


def test_it_may_do_nothing_and_is_for_this_machine_alone(services):
    exporter = services['nvitop-exporter']
    assert exporter['cap_drop'] == ['ALL'] and exporter['read_only'] is True
    assert exporter['security_opt'] == ['no-new-privileges:true']
    for service in services.values():
        assert all(port.startswith('127.0.0.1:') for port in service['ports'])
        assert all(volume.get('read_only') or volume['type'] == 'volume' for volume in service['volumes'])


def test_gpus_are_all(services):
    device, = services['nvitop-exporter']['deploy']['resources']['reservations']['devices']
    assert (device['driver'], device['count'], device['capabilities']) == ('nvidia', 'all', ['gpu', 'utility'])


def test_prometheus_takes_its_configuration(services, tmp_path):
    """With its files where the container has them."""
    volumes = services['prometheus']['volumes']
    binds = {volume['target']: FOLDER / volume['source'] for volume in volumes if volume['type'] == 'bind'}
    text = binds['/etc/prometheus/prometheus.yml'].read_text()
    for target, source in binds.items():
        assert source.exists(), target
        text = text.replace(f'{target}/', f'{source.resolve()}/')
    (tmp_path / 'prometheus.yml').write_text(text)
    done = term.run(['promtool', 'check', 'config', tmp_path / 'prometheus.yml'])
    assert done.rc == 0, done.out + done.err
    assert done.out.count('rules found') == 2
    scraped, = yaml.safe_load(text)['scrape_configs']
    port, = dockerfile.values('exporter', 'EXPOSE')
    assert scraped['static_configs'][0]['targets'] == [f'nvitop-exporter:{port}']
    assert scraped['job_name'].startswith('nvitop')
