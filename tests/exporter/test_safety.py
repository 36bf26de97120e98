"""HTTPS, clients' certificates and passwords: right ones in, wrong ones out, and no secret told."""

import http.client
import os
import resource
import shutil
import ssl
import threading

import pytest

from passwords import basic, bcrypt_of, reload
from support import sim


PAIR = 'cert_file: a.pem, key_file: b.pem'
HASH = '$2b$04$' + 'a' * 53


def status_over_tls(found, keys, client=None, authority='ca', **headers):
    context = ssl.create_default_context(cafile=keys / f'{authority}.pem')
    if client:
        context.load_cert_chain(keys / f'{client}.pem', keys / f'{client}.key')
    connection = http.client.HTTPSConnection('127.0.0.1', found.port, timeout=20, context=context)
    try:
        connection.request('GET', '/metrics', headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_https(start, keys):
    with sim.scenario('two') as running:
        found = start('--port', '0', '--certfile', str(keys / 'server.pem'), '--keyfile', str(keys / 'server.key'),
                      env=running.env)
        assert found.place.startswith('https://')
        assert status_over_tls(found, keys) == 200
        with pytest.raises((OSError, http.client.HTTPException)):
            found.get('/metrics')


@pytest.mark.parametrize('is_required', [False, True])
def test_clients_are_let_in_by_their_certificates(start, keys, is_required):
    options = ['--client-auth-required'] if is_required else []
    with sim.scenario('two') as running:
        found = start('--port', '0', '--certfile', str(keys / 'server.pem'), '--keyfile', str(keys / 'server.key'),
                      '--client-cafile', str(keys / 'ca.pem'), *options, env=running.env)
        assert status_over_tls(found, keys, 'client') == 200
        with pytest.raises((OSError, http.client.HTTPException)):
            status_over_tls(found, keys, 'stranger')
        assert status_over_tls(found, keys, 'forclients') == 200
        with pytest.raises((OSError, http.client.HTTPException)):
            status_over_tls(found, keys, 'forservers')
        if is_required:
            with pytest.raises((OSError, http.client.HTTPException)):
                status_over_tls(found, keys)
        else:
            assert status_over_tls(found, keys) == 200


def test_passwords(start, tmp_path):
    config = tmp_path / 'web.yml'
    config.write_text(f'basic_auth_users:\n  ann: {bcrypt_of("right")}\n')
    with sim.scenario('two') as running:
        found = start('--port', '0', '--web-config', str(config), env=running.env)
        answer, body = found.get('/metrics')
        assert (answer.status, answer.headers['WWW-Authenticate']) == (401, 'Basic realm="nvitop-exporter"')
        assert found.get('/metrics', Authorization=basic('ann:wrong'))[0].status == 401
        assert found.get('/metrics', Authorization=basic('bob:right'))[0].status == 401
        assert found.get('/metrics', Authorization=basic('ann:right'))[0].status == 200
        answers = [found.get('/', Authorization=basic(f'ann:{number}'))[0] for number in range(30)]
        assert {answer.status for answer in answers} == {401, 429}, 'wrong ones cost too much to be tried without end'
        assert all((answer.status == 429) == (int(answer.headers['Retry-After'] or 0) > 0) for answer in answers)
        assert found.get('/', Authorization=basic('ann:right'))[0].status == 200, 'who was let in still is'


def status_from(found, source, authorization):
    connection = http.client.HTTPConnection('127.0.0.1', found.port, 20, source_address=(source, 0))
    connection.request('GET', '/', headers={'Authorization': authorization})
    status = connection.getresponse().status
    connection.close()
    return status


def test_who_guesses_does_not_keep_others_out(start, tmp_path):
    """One address has few tries; that another has none left with it is a chance of one in 64."""
    config = tmp_path / 'web.yml'
    config.write_text(f'basic_auth_users:\n  ann: {bcrypt_of("right")}\n')
    with sim.scenario('two') as running:
        found = start('--port', '0', '--web-config', str(config), env=running.env)
        guesses = [status_from(found, '127.0.0.5', basic(f'ann:{number}')) for number in range(50)]
        assert set(guesses) == {401, 429}
        assert 200 in [status_from(found, f'127.0.0.{10 + number}', basic('ann:right')) for number in range(4)]


def test_certificates_are_read_again(start, keys, tmp_path):
    for name in ('server', 'elsewhere'):
        for end in ('pem', 'key'):
            shutil.copy(keys / f'{name}.{end}', tmp_path)
    config = tmp_path / 'web.yml'
    config.write_text('tls_server_config: {cert_file: server.pem, key_file: server.key}\n')
    with sim.scenario('two') as running:
        found = start('--port', '0', '--web-config', str(config), env=running.env)
        assert status_over_tls(found, keys) == 200
        shutil.copy(tmp_path / 'elsewhere.pem', tmp_path / 'server.pem')
        assert 'server.pem' in reload(found), 'a certificate without its key'
        assert found.process.stderr.readline().endswith('certificates and users stay as they were\n')
        assert status_over_tls(found, keys) == 200
        shutil.copy(tmp_path / 'elsewhere.key', tmp_path / 'server.key')
        assert reload(found).endswith('certificates and users were read again: TLS, no users\n')
        with pytest.raises(ssl.SSLError):
            status_over_tls(found, keys)
        assert status_over_tls(found, keys, authority='other') == 200
        config.write_text(f'basic_auth_users: {{ann: {HASH}}}\n')
        assert reload(found).endswith(': no TLS, 1 user\n')
        assert found.get('/metrics')[0].status == 401, 'plain HTTP from now on'


@pytest.mark.parametrize('text', ['', '# basic_auth_users:\n', 'basic_auth_users: {}\n'])
def test_an_emptied_file_lets_nobody_in(start, tmp_path, text):
    config = tmp_path / 'web.yml'
    config.write_text(f'basic_auth_users: {{ann: {bcrypt_of("right")}, bob: {HASH}}}\n')
    with sim.scenario('two') as running:
        found = start('--port', '0', '--web-config', str(config), env=running.env)
        assert reload(found).endswith(': no TLS, 2 users\n')
        config.write_text(text)
        assert 'only a restart' in reload(found)
        assert found.process.stderr.readline().endswith('certificates and users stay as they were\n')
        assert found.get('/')[0].status == 401
        assert found.get('/', Authorization=basic('ann:right'))[0].status == 200


def test_what_was_open_stays_open(start, tmp_path):
    config = tmp_path / 'web.yml'
    config.write_text('')
    with sim.scenario('two') as running:
        found = start('--port', '0', '--web-config', str(config), env=running.env)
        assert reload(found).endswith(': no TLS, no users\n')
        assert found.get('/')[0].status == 200


def test_why_it_cannot_serve_anew_is_said(start):
    """No descriptor above those of every program: poll takes no more than that many either."""
    with sim.scenario('two') as running:
        found = start('--port', '0', env=running.env)
        limits = resource.prlimit(found.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(found.process.pid, resource.RLIMIT_NOFILE, (3, limits[1]))
        assert reload(found).endswith('cannot start the web server: Too many open files\n')
        assert found.process.stderr.readline().endswith('certificates and users stay as they were\n')
        resource.prlimit(found.process.pid, resource.RLIMIT_NOFILE, limits)
        assert found.get('/-/healthy')[0].status == 200


def test_users_are_read_again(start, tmp_path):
    config = tmp_path / 'web.yml'
    config.write_text(f'basic_auth_users: {{ann: {bcrypt_of("old")}}}\n')
    with sim.scenario('two') as running:
        found = start('--port', '0', '--web-config', str(config), env=running.env)
        assert found.get('/', Authorization=basic('ann:old'))[0].status == 200
        config.write_text('basic_auth_users: {ann: none}\n')
        assert 'expected a bcrypt hash' in reload(found)
        assert found.process.stderr.readline()
        assert found.get('/', Authorization=basic('ann:old'))[0].status == 200
        config.write_text(f'basic_auth_users: {{ann: {bcrypt_of("new")}}}\n')
        assert 'were read again' in reload(found)
        assert found.get('/', Authorization=basic('ann:old'))[0].status == 401
        assert found.get('/', Authorization=basic('ann:new'))[0].status == 200


@pytest.mark.parametrize('option', ['--web-config', '--certfile', '--keyfile', '--client-cafile'])
def test_pipe_is_not_waited_for(refused, tmp_path, keys, option):
    pipe = tmp_path / 'pipe'
    os.mkfifo(pipe)
    pair = {} if option == '--web-config' else {'--certfile': keys / 'server.pem', '--keyfile': keys / 'server.key'}
    status, said = refused(*(str(part) for pair in {**pair, option: pipe}.items() for part in pair))
    assert (status, said) == (1, f'nvitop-exporter: error: {pipe}: nobody writes into it\n')
    assert refused('--web-config', str(tmp_path))[1].endswith(': Is a directory\n')


def test_what_a_pipe_says_holds_when_it_is_empty(start, tmp_path):
    """As `--web-config <(decrypt FILE)` has it: it can be read once."""
    config = tmp_path / 'pipe'
    os.mkfifo(config)
    with sim.scenario('two') as running:
        writer = threading.Thread(target=config.write_text, args=(f'basic_auth_users: {{ann: {bcrypt_of("one")}}}\n',))
        writer.start()
        found = start('--port', '0', '--web-config', str(config), env=running.env)
        writer.join()
        assert found.get('/')[0].status == 401
        assert 'nobody writes into it' in reload(found)
        assert found.process.stderr.readline()
        assert found.get('/')[0].status == 401
        assert found.get('/', Authorization=basic('ann:one'))[0].status == 200


@pytest.mark.parametrize('text, why', [
    ('basic_auth_users:\n  ann: plain\n', 'line 2: expected a bcrypt hash'),
    (f'basic_auth_users:\n  ann: {HASH.replace("04", "15")}\n', 'line 2: expected a bcrypt hash of a cost up to 14'),
    ('basic_auth_user: {}\n', "line 1: unknown key 'basic_auth_user'"),
    ('"a\\e[31m\\n": {}\n', "line 1: unknown key 'a\ufffd[31m\ufffd'"),
    ('basic_auth_users: {}\nbasic_auth_users: {}\n', "line 2: a second time: 'basic_auth_users'"),
    (f'basic_auth_users:\n  ann: {HASH}\n  ann: {HASH}\n', "line 3: a second time: 'ann'"),
    ('tls_server_config:\n  cert_file: a.pem\n', 'cert_file and key_file go together'),
    (f'tls_server_config: {{{PAIR}, client_ca_file: c.pem}}\n', 'client_ca_file needs client_auth_type'),
    (f'tls_server_config: {{{PAIR}, client_ca_file: c.pem, client_auth_type: NoClientCert}}\n', 'and not NoClientCert'),
    ('tls_server_config:\n  client_auth_type: Sometimes\n', 'line 2: expected NoClientCert'),
    ('tls_server_config:\n  cert_file: a.pem\n  key_file: b.pem\n', 'a.pem: No such file or directory'),
    ('tls_server_config: [', 'line 2'),
    ('- a\n', 'line 1: expected keys and values'),
    ('[' * 100000, 'line 1: nested too deeply'),
    ('a: ' + 'b' * 2**20, 'longer than 1 MiB'),
])
def test_wrong_configuration_is_one_line(refused, tmp_path, text, why):
    config = tmp_path / 'web.yml'
    config.write_text(text)
    status, said = refused('--web-config', str(config))
    assert status == 1
    assert said.startswith('nvitop-exporter: error: ') and said.count('\n') == 1
    assert why in said and str(tmp_path) in said


@pytest.mark.parametrize('options, why', [
    (['--certfile', 'a'], '--certfile and --keyfile go together'),
    (['--client-cafile', 'a'], "clients' certificates need --certfile"),
    (['--client-auth-required'], 'needs --client-cafile or --client-capath'),
    (['--port', '70000'], "invalid value: '70000'"),
    (['--label', '9a=b'], "invalid label: '9a=b'"),
])
def test_wrong_options(refused, options, why):
    status, said = refused(*options)
    assert status == 2 and why in said


def test_key_of_another_certificate_is_refused(refused, keys):
    status, said = refused('--certfile', str(keys / 'server.pem'), '--keyfile', str(keys / 'client.key'))
    assert status == 1 and 'server.pem' in said and 'PRIVATE' not in said


def test_port_that_is_taken(refused, exporter):
    with exporter('two') as found:
        status, said = refused('--port', str(found.port))
    assert (status, said) == (1, f'nvitop-exporter: error: cannot listen on 127.0.0.1, port {found.port}: '
                                 'Address already in use\n')
