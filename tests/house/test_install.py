"""What `meson install` leaves behind: everything a person needs, and nothing that another program
could take for a driver."""

import subprocess

import pytest
from support import paths


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed")
    done = subprocess.run(["meson", "install", "-C", str(paths.BUILD), "--no-rebuild", "--quiet", "--destdir", str(folder)],
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def files(root):
    return [path.relative_to(root).as_posix() for path in sorted(root.rglob("*")) if path.is_file()]


def test_all_is_there(root):
    names = files(root)
    for ending in ("bin/nvitop", "man/man1/nvitop.1", "bash-completion/completions/nvitop.bash", "site-functions/_nvitop",
                   "vendor_completions.d/nvitop.fish", "share/nvitop/powershell/nvitop.ps1", "share/nvitop/powershell/nvisel.ps1",
                   "share/nvitop/powershell/nvitop-exporter.ps1", "libexec/nvitop/nvitop-sim", "libexec/nvitop/nvitop-cuda-order",
                   "libexec/nvitop/libnvidia-ml.so.1", "share/nvitop/scenarios/two.ini", "share/nvitop/snapshot.schema.json",
                   "bin/nvisel", "man/man1/nvisel.1", "bash-completion/completions/nvisel.bash", "site-functions/_nvisel",
                   "vendor_completions.d/nvisel.fish", "bin/nvitop-exporter", "man/man1/nvitop-exporter.1",
                   "bash-completion/completions/nvitop-exporter.bash", "site-functions/_nvitop-exporter",
                   "vendor_completions.d/nvitop-exporter.fish", "man/man3/libnvitop.3", "man/man5/nvitop-config.5", "share/nvitop/nvisel.schema.json",
                   "share/nvitop/prometheus/nvitop-alerts.yml", "share/nvitop/prometheus/nvitop-recording.yml",
                   "share/nvitop/grafana/node.json", "share/nvitop/grafana/fleet.json", "share/nvitop/grafana/users.json",
                   "share/nvitop/opentelemetry/collector.yaml", "lib/systemd/system/nvitop-exporter.service",
                   "lib/systemd/system/nvitop-exporter.socket"):
        assert any(name.endswith(ending) for name in names), ending


def test_every_manual_page_is_whole(root):
    pages = {path.name: path.read_text() for path in root.rglob("man*/*.[0-9]")}
    assert {"nvitop.1", "nvitop-config.5", "nvisel.1", "nvitop-exporter.1", "libnvitop.3"} <= set(pages)
    for name, text in pages.items():
        if text.startswith(".so "):  # the page of a function is another's
            assert text.split()[1].rpartition("/")[2] in pages, name
        else:
            assert {".SH NAME", ".SH DESCRIPTION"} <= set(text.split("\n")), name


def test_no_loader_finds_the_simulator(root):
    for name in files(root):
        if "libnvidia-ml" in name:
            assert "/libexec/nvitop/" in name


def test_installed_demo_works(root):
    program = next(root.rglob("bin/nvitop"))
    done = subprocess.run([str(program), "-1", "--demo", "two"], capture_output=True, text=True, timeout=60, check=False,
                          env={"PATH": "/usr/bin:/bin", "HOME": "/"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "RTX 3090" in done.stdout


@pytest.mark.parametrize("name, more", [
    ("nvitop", set()), ("nvisel", set()), ("nvitop-exporter", {"libmicrohttpd", "libgnutls", "libyaml-0", "libcrypt", "libz"})])
def test_programs_link_what_is_allowed(root, name, more):
    """What costs start-up time stays out; the simulator is never a dependency."""
    program = next(root.rglob(f"bin/{name}"))
    said = subprocess.run(["readelf", "-d", str(program)], capture_output=True, text=True, timeout=30, check=True).stdout
    needed = {line.split("[")[1].split("]")[0].split(".so")[0] for line in said.splitlines() if "(NEEDED)" in line}
    assert "libc" in needed
    assert needed <= {"libc", "libm", "libdl", "libpthread", "libutf8proc", "libinih", "libncursesw", "libtinfo",
                      "libjansson", "libgcc_s"} | more, needed
