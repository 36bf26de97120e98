"""Keys and passwords, asked for by clients of other makes: who has them is let in, and nobody is told them."""

import subprocess
from pathlib import Path

import pytest

from passwords import basic, bcrypt_of, reload
from support import sim

RIGHT, WRONG = 'correct-horse-battery', 'incorrect-horse'


@pytest.fixture
def served(start, keys, tmp_path):
    """served(client_auth_type) → one with TLS 1.3 and a user, and its file."""
    config = tmp_path / 'web.yml'

    def run(client: str, *options: str):
        authority = '' if client == 'NoClientCert' else f'client_ca_file: {keys}/ca.pem'
        config.write_text(f"""
tls_server_config:
  cert_file: {keys}/server.pem
  key_file: {keys}/server.key
  {authority}
  client_auth_type: {client}
  min_version: TLS13
basic_auth_users:
  ann: {bcrypt_of(RIGHT)}
""")
        return start('--port', '0', '--web-config', str(config), *options, env=running.env), config

    with sim.scenario('two') as running:
        yield run


def curl(found, keys, *options: str) -> str:
    """The status that it got, 000 for none."""
    done = subprocess.run(['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', '--max-time', '20', '--cacert', keys / 'ca.pem',
                           *options, f'https://127.0.0.1:{found.port}/metrics'], capture_output=True, text=True)
    return done.stdout


def pair(keys, name: str) -> list[str]:
    return ['--cert', str(keys / f'{name}.pem'), '--key', str(keys / f'{name}.key')]


def test_curl_with_certificates_and_passwords(served, keys):
    found, _ = served('RequireAndVerifyClientCert')
    ann = ['-u', f'ann:{RIGHT}']
    assert curl(found, keys, *pair(keys, 'client'), *ann) == '200'
    assert curl(found, keys, *pair(keys, 'client'), '-u', f'ann:{WRONG}') == '401'
    assert curl(found, keys, *pair(keys, 'client'), '-u', f'bob:{RIGHT}') == '401'
    assert curl(found, keys, *pair(keys, 'client')) == '401'
    assert curl(found, keys, *pair(keys, 'stranger'), *ann) == '000'
    assert curl(found, keys, *ann) == '000'


def test_a_certificate_that_may_be_given(served, keys):
    found, _ = served('VerifyClientCertIfGiven')
    ann = ['-u', f'ann:{RIGHT}']
    assert curl(found, keys, *ann) == '200'
    assert curl(found, keys, *pair(keys, 'client'), *ann) == '200'
    assert curl(found, keys, *pair(keys, 'stranger'), *ann) == '000'


@pytest.mark.parametrize('version, is_taken', [('tls1_3', True), ('tls1_2', False), ('tls1_1', False)])
def test_versions_of_tls(served, keys, version, is_taken):
    found, _ = served('NoClientCert')
    done = subprocess.run(['openssl', 's_client', f'-{version}', '-CAfile', keys / 'ca.pem', '-verify_return_error',
                           '-connect', f'127.0.0.1:{found.port}'], input='', capture_output=True, text=True, timeout=60)
    assert (done.returncode == 0) is is_taken
    assert ('Verification: OK' in done.stdout and 'New, TLSv1.3' in done.stdout) is is_taken


def secrets(keys, config: Path) -> list[str]:
    """Texts of which none may be told; of the key, each line."""
    key = [line for line in (keys / 'server.key').read_text().splitlines() if not line.startswith('-')]
    hashes = [line.split()[1] for line in config.read_text().splitlines() if line.startswith('  ann:')]
    return [RIGHT, WRONG, basic(f'ann:{RIGHT}').split()[1], *key, *hashes]


def test_no_secret_is_told(served, keys):
    found, config = served('NoClientCert', '--command-lines')
    for password in (RIGHT, WRONG, *map(str, range(20))):
        curl(found, keys, '-u', f'ann:{password}')
    told = subprocess.run(['curl', '-s', '-i', '--cacert', keys / 'ca.pem', '-u', f'ann:{RIGHT}',
                           *(f'https://127.0.0.1:{found.port}/{path}' for path in ('metrics', 'api/v1/snapshot', '', 'x'))],
                          capture_output=True, text=True, check=True).stdout
    known = secrets(keys, config)
    config.write_text(config.read_text().replace('  ann: $', '  ann: wrong$'))
    said = reload(found) + found.process.stderr.readline()
    config.write_text(f'tls_server_config: {{cert_file: {keys}/client.pem, key_file: {keys}/server.key}}\n')
    said += reload(found) + found.process.stderr.readline()
    process = Path(f'/proc/{found.process.pid}')
    listed = [(process / name).read_bytes().decode(errors='replace') for name in ('cmdline', 'environ', 'comm')]
    found.process.terminate()
    said += found.process.stderr.read()
    assert 'nvitop_gpu_up' in told and said.count('stay as they were') == 2
    for secret in known:
        assert len(secret) > 8 and not [text for text in (told, said, *listed) if secret in text]
