"""contrib/kubernetes: manifests that the schemas of Kubernetes take, and that fit together and the image."""

from __future__ import annotations

import copy

import kubernetes_validate
import pytest
import yaml
from support import paths

import dockerfile

FOLDER = paths.ROOT / 'contrib' / 'kubernetes'
VERSIONS = ['1.25', '1.29', '1.33', '1.37']


def documents(name: str) -> list[dict]:
    return list(yaml.safe_load_all((FOLDER / name).read_text()))


@pytest.fixture(scope='module')
def daemonset():
    found, = [document for document in documents('nvitop-exporter.yaml') if document['kind'] == 'DaemonSet']
    return found


@pytest.fixture(scope='module')
def pod(daemonset):
    return daemonset['spec']['template']['spec']


@pytest.fixture(scope='module')
def container(pod):
    found, = pod['containers']
    return found


@pytest.mark.parametrize('version', VERSIONS)
def test_schema(version):
    kinds = [document['kind'] for document in documents('nvitop-exporter.yaml')
             if kubernetes_validate.validate(document, version, strict=True) == version]
    assert kinds == ['Namespace', 'ServiceAccount', 'DaemonSet']


@pytest.mark.parametrize('change', [
    lambda pod: pod.update(hostPid=True), lambda pod: pod['containers'][0].pop('name'),
    lambda pod: pod['containers'][0]['resources']['requests'].update(cpu=['20m']),
    lambda pod: pod['containers'][0]['livenessProbe']['httpGet'].pop('port')])
def test_schema_would_find_it(daemonset, change):
    bad = copy.deepcopy(daemonset)
    change(bad['spec']['template']['spec'])
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(bad, VERSIONS[-1], strict=True)


def test_parts_know_each_other(daemonset, pod):
    namespace, account, _ = documents('nvitop-exporter.yaml')
    assert {account['metadata']['namespace'], daemonset['metadata']['namespace']} == {namespace['metadata']['name']}
    assert pod['serviceAccountName'] == account['metadata']['name']
    wanted = daemonset['spec']['selector']['matchLabels']
    assert wanted and wanted.items() <= daemonset['spec']['template']['metadata']['labels'].items()


def test_podmonitor_finds_the_pods(daemonset, container):
    """Its schema is not Kubernetes' own, so what it names is looked up."""
    monitor, = documents('podmonitor.yaml')
    assert (monitor['apiVersion'], monitor['kind']) == ('monitoring.coreos.com/v1', 'PodMonitor')
    assert set(monitor['spec']) == {'jobLabel', 'selector', 'podMetricsEndpoints'}
    labels = daemonset['spec']['template']['metadata']['labels']
    assert monitor['spec']['selector']['matchLabels'].items() <= labels.items()
    assert labels[monitor['spec']['jobLabel']].startswith('nvitop')
    endpoint, = monitor['spec']['podMetricsEndpoints']
    assert set(endpoint) == {'port', 'path', 'interval', 'relabelings'}
    assert endpoint['port'] in [port['name'] for port in container['ports']]


def test_container_is_the_image(daemonset, container):
    name, _, version = container['image'].partition(':')
    assert (name, version) == ('nvitop-exporter', paths.version())
    port, = container['ports']
    assert [str(port['containerPort'])] == dockerfile.values('exporter', 'EXPOSE')
    notes = daemonset['spec']['template']['metadata']['annotations']
    assert notes['prometheus.io/port'] == str(port['containerPort'])
    assert [container[probe]['httpGet']['path'] for probe in ('livenessProbe', 'readinessProbe')] == ['/-/healthy', '/-/ready']


def test_it_sees_the_node_and_may_do_nothing(pod, container):
    assert pod['hostPID'] is True and 'hostNetwork' not in pod
    user = f"{pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}"
    assert pod['securityContext']['runAsNonRoot'] and [user] == dockerfile.values('exporter', 'USER')
    assert container['securityContext'] == {
        'allowPrivilegeEscalation': False, 'readOnlyRootFilesystem': True, 'capabilities': {'drop': ['ALL']}}
    assert all(mount['readOnly'] for mount in container['volumeMounts'])
    assert pod['automountServiceAccountToken'] is False


def test_it_takes_no_gpu_from_others(container):
    asked = {name for amounts in container['resources'].values() for name in amounts}
    assert asked == {'cpu', 'memory'}
