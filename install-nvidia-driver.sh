#!/bin/sh
# Installs, renews or changes the NVIDIA driver of Ubuntu or Debian, through apt.
#
# What it promises: nothing is changed before it was simulated, agreed to and downloaded, together
# with the packages that are replaced; what is changed is changed in one transaction of apt; and if
# that fails, what was there comes back. What uses the GPU is stopped only with --stop.
#
# POSIX sh, so `sh` and `bash` run it alike. Settings are set once, by parse_options and check_system.
# INSTALL_NVIDIA_DRIVER_ROOT is the folder under which the system's files are read, for the tests.
set -u
LC_ALL=C DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 APT_LISTCHANGES_FRONTEND=none
export LC_ALL DEBIAN_FRONTEND NEEDRESTART_SUSPEND APT_LISTCHANGES_FRONTEND

self=install-nvidia-driver
root=${INSTALL_NVIDIA_DRIVER_ROOT:-}
ppa=ppa:graphics-drivers/ppa
work='' # a folder for what is kept meanwhile

# Exit statuses; help() says what they mean.
OK=0 DECLINED=1 USAGE=2 SYSTEM=3 OFFER=4 PACKAGES=5 FETCH=6 BUSY=7 RESTORED=8 BROKEN=9

help() {
    cat <<'TEXT'
usage: install-nvidia-driver.sh [--package=NAME | --latest] [OPTION…]

Installs, renews or changes the NVIDIA driver of Ubuntu or Debian through apt.
Without --package, --latest, --open or --proprietary, says what is installed and what is offered;
--stop, --ppa and --no-backup go with one of those.

  --package=NAME   this driver package: nvidia-driver-NUMBER[-server][-open] on Ubuntu,
                   nvidia-driver, nvidia-tesla-NUMBER-driver, … on Debian
  --latest         the newest driver that is offered; a server driver stays one
  --open           with the open kernel modules (GPUs of Turing and later)
  --proprietary    with the proprietary kernel modules (GPUs before Blackwell)
  --stop           stop what uses the GPU first, display and programs, so that no reboot is needed
  --ppa            add ppa:graphics-drivers/ppa, which is not Ubuntu's own, to the system's sources
  --no-update      with the lists of packages that are there, not with fresh ones
  --no-backup      go on even if packages that are replaced cannot be had for putting them back
  --dry-run        say what would be done, and do nothing; needs no root
  -y, --yes        do not ask
  -h, --help       this text

If the installation fails, the packages that were there are installed again.

exit status:
  0  done, or there is nothing to do
  1  the question was answered with no; nothing was changed
  2  wrong options, or nobody to ask; nothing was changed
  3  not a system for this script: distribution, container, rights, tools; nothing was changed
  4  no such driver is offered; nothing was changed
  5  apt or dpkg is not ready, or cannot do it: held or broken packages, a lock, dependencies;
     nothing was changed
  6  something could not be downloaded; nothing was changed
  7  what uses the GPU could not be stopped; no package was changed
  8  the installation failed, and what was there before is back
  9  the installation failed, and so did putting back; the last lines say what to do
130  interrupted; no package was changed (129 and 143: by another signal)
141  nobody reads any more what is said; no package was changed
TEXT
}

# ---- telling, and leaving

# Where SIGPIPE was ignored before us, printf would complain of who has stopped reading.
say() { printf '%s\n' "$*" 2>/dev/null; }

# What is wrong, or is to be done by hand: we are leaving, and no longer for want of a reader.
tell() {
    trap '' PIPE
    printf '%s: %s\n' "$self" "$*" >&2
}

# Ends; what was stopped is started again, and a source that was added for nothing is taken out.
leave() {
    start_again
    if [ -n "$added_ppa" ] && [ "$1" -ne "$OK" ]; then
        add-apt-repository -y --remove "$ppa" >/dev/null 2>&1 ||
            tell "$ppa could not be taken out again: add-apt-repository --remove $ppa"
    fi
    [ -z "$work" ] || [ "$1" -eq "$BROKEN" ] || rm -rf "$work"
    exit "$1"
}

# $1: exit status; the rest says in one line what is wrong and what was expected.
fail() {
    failure=$1
    shift
    tell "$*; nothing was changed"
    leave "$failure"
}

# shellcheck disable=SC2317 # called by the traps
interrupted() {
    tell 'interrupted; no package was changed'
    leave "$1"
}

# Nobody reads what we say; of a list, some lines may have been all that was wanted.
# shellcheck disable=SC2317 # called by a trap
unread() {
    is_list || tell 'nobody reads on; no package was changed'
    leave 141
}

# Asks; $1: what. Without somebody to ask, --yes must have said it.
ask() {
    [ -z "$is_yes" ] || return 0
    [ -t 0 ] || fail "$USAGE" 'there is no terminal to ask on: expected --yes or --dry-run'
    printf '%s [y/N] ' "$1"
    answer=
    read -r answer || say
    case $answer in
    [yY] | [yY][eE][sS]) ;;
    *) fail "$DECLINED" 'not agreed to' ;;
    esac
}

# ---- options

package='' modules='' is_latest='' is_stop='' is_ppa='' is_update=yes is_backup=yes is_dry='' is_yes=''
added_ppa='' for_driver=''

wrong() {
    tell "$*; --help names the options"
    leave "$USAGE"
}

choose_modules() {
    [ -z "$modules" ] || [ "$modules" = "$1" ] || wrong '--open and --proprietary were given together'
    modules=$1
}

parse_options() {
    while [ $# -gt 0 ]; do
        case $1 in
        --package=?*) package=${1#*=} ;;
        --package=) wrong '--package wants a name' ;;
        --package)
            [ $# -gt 1 ] || wrong '--package wants a name'
            package=$2
            shift
            ;;
        --latest) is_latest=yes ;;
        --open | --proprietary) choose_modules "${1#--}" ;;
        --stop) is_stop=yes for_driver=$1 ;;
        --ppa) is_ppa=yes for_driver=$1 ;;
        --no-update) is_update='' ;;
        --no-backup) is_backup='' for_driver=$1 ;;
        --dry-run) is_dry=yes ;;
        -y | --yes) is_yes=yes ;;
        -h | --help)
            help
            exit
            ;;
        *) wrong "unknown option '$1'" ;;
        esac
        shift
    done
    [ -z "$package" ] || [ -z "$is_latest" ] || wrong '--package and --latest were given together'
    ! is_list || [ -z "$for_driver" ] ||
        wrong "$for_driver alone chooses no driver: expected --latest, --package=NAME, --open or --proprietary too"
}

# Is nothing wanted but to see what there is?
is_list() { [ -z "$package$is_latest$modules" ]; }

# ---- the system

os_release() { sed -n "s/^$1=//p" "$root/etc/os-release" 2>/dev/null | tr -d "\"'" | tail -n 1; }

# Files whose being there means that this is not a place for apt to install a driver.
signs() {
    cat <<'ROWS'
/.dockerenv                 this is a container, and the driver is that of its host: expected to run there
/run/.containerenv          this is a container, and the driver is that of its host: expected to run there
/run/systemd/container      this is a container, and the driver is that of its host: expected to run there
/usr/lib/wsl/lib            this is WSL, and the driver is that of Windows: expected to be installed there
/usr/bin/nvidia-uninstall   the driver here is of NVIDIA's own installer: expected that nvidia-uninstall takes it out first
ROWS
}

# Which packages are drivers, by distribution: family, pattern, words for people.
families() {
    cat <<'ROWS'
ubuntu ^nvidia-driver-[0-9]+(-server)?(-open)?$ nvidia-driver-NUMBER[-server][-open]
debian ^nvidia-(driver|(legacy|tesla)-[0-9]+(xx)?-driver|tesla-driver)$ nvidia-driver, nvidia-tesla-driver or nvidia-tesla-NUMBER-driver
ROWS
}

find_family() {
    name=$(os_release PRETTY_NAME)
    for id in $(os_release ID) $(os_release ID_LIKE); do
        row=$(families | sed -n "s/^$id //p")
        [ -z "$row" ] || break
    done
    [ -n "${row:-}" ] || fail "$SYSTEM" "this is ${name:-no known system}: expected Ubuntu or Debian"
    family=$id pattern=${row%% *} names_like=${row#* }
}

check_system() {
    find_family
    for tool in apt-get apt-cache apt-mark dpkg dpkg-query; do
        command -v "$tool" >/dev/null || fail "$SYSTEM" "$tool is missing: expected a system with apt and dpkg"
    done
    signs | while read -r sign meaning; do
        ! [ -e "$root$sign" ] || say "$meaning"
    done >"$work/signs"
    ! [ -s "$work/signs" ] || fail "$SYSTEM" "$(head -n 1 "$work/signs")"
    is_list || [ -n "$is_dry" ] || [ "$(id -u)" -eq 0 ] ||
        fail "$SYSTEM" 'not root: expected sudo, or --dry-run'
    [ -z "$is_ppa" ] || [ "$family" = ubuntu ] || fail "$SYSTEM" "--ppa is for Ubuntu: this is $name"
}

# PCI numbers of NVIDIA's GPUs here: 0x1eb8, …
gpus() {
    for device in "$root"/sys/bus/pci/devices/*; do
        [ -e "$device/vendor" ] && grep -q 0x10de "$device/vendor" && grep -q '^0x03' "$device/class" &&
            cat "$device/device"
    done
}

# Is there a GPU that only one kind of modules knows? $1: that kind. Numbers ascend by generation:
# Turing's, the first that the open modules know, begin at 0x1e00, Blackwell's at 0x2900.
has_gpu_for_only() {
    for id in $(gpus); do
        case $1 in
        proprietary) [ $((id)) -ge $((0x1e00)) ] || return 0 ;;
        open) [ $((id)) -lt $((0x2900)) ] || return 0 ;;
        esac
    done
    return 1
}

# ---- what is installed and what is offered

# All packages that dpkg knows: status, name, version. The status is desired, is, and needs: `ii `.
read_packages() {
    # shellcheck disable=SC2016 # fields of dpkg-query
    dpkg-query -W -f='${db:Status-Abbrev}|${binary:Package}|${Version}\n' >"$1" 2>/dev/null
}

# `name version` of what the packages file $1 has installed, or half installed.
present() { awk -F'|' '$1 !~ /^.[nc]/ { print $2, $3 }' "$1" | sort; }

version_of() { present "$work/packages" | sed -n "s/^$1\(:[a-z0-9]*\)\{0,1\} //p" | head -n 1; }

# `name version` of the driver packages that the packages file $1 has.
drivers_in() { present "$1" | awk -v like="$pattern" '$1 ~ like' | sort -V; }

installed_drivers() { drivers_in "$work/packages"; }

# `name version` of those of the packages named that can be installed.
candidates() {
    [ $# -eq 0 ] || apt-cache policy "$@" | awk '
        /^[^ ]/ { name = $1; sub(/:$/, "", name) }
        $1 == "Candidate:" && $2 != "(none)" { print name, $2 }' | sort -V
}

candidate_of() { candidates "$1" | sed 's/.* //'; }

# shellcheck disable=SC2046 # names of packages
read_offers() { candidates $(apt-cache pkgnames nvidia- | grep -E "$pattern" | sort -u) >"$work/offers"; }

tell_system() {
    say "system:    $name, kernel $(uname -r)"
    [ -n "$(gpus)" ] || say 'GPU:       none of NVIDIA is on the PCI bus'
    say "installed: $(installed_drivers | paste -sd, | sed 's/,/, /g; s/^$/no driver package/')"
}

tell_offers() {
    [ -s "$work/offers" ] || say 'offered:   no driver package'
    sed 's/^/offered:   /' "$work/offers"
}

# Packages that nothing should be built upon: held ones, and those that dpkg left in the middle.
check_packages() {
    held=$(awk -F'|' '/^h/ && $2 ~ /nvidia/ { print $2 }' "$work/packages" | head -n 1)
    [ -z "$held" ] || fail "$PACKAGES" "$held is held: expected that it may change: apt-mark unhold $held"
    half=$(awk -F'|' '$1 ~ /^.[HUFWt]/ || $1 ~ /^..R/ { print $2 }' "$work/packages" | head -n 1)
    [ -z "$half" ] || fail "$PACKAGES" \
        "$half is not installed to the end: expected that dpkg --configure -a && apt-get -f install mends it"
}

# What apt says is wrong, in one line: a dependency or a package if it names one, or its first error.
reason() {
    awk '
        / : (PreDepends|Depends|Conflicts|Breaks):/ && !named { named = $0 }
        /^dpkg: error processing/ && !named { named = substr($0, 7); getline; named = named $0 }
        /^E: / && !error { error = substr($0, 4) }
        END {
            said = named ? named : error ? error : "it did not say why"
            gsub(/[ \t]+/, " ", said); sub(/^ /, "", said); sub(/[.; ]*$/, "", said)
            print said
        }' "$1"
}

check_apt() {
    lockless=''
    [ -z "$is_dry" ] || lockless='-o Debug::NoLocking=1'
    # shellcheck disable=SC2086 # one option of two words, or none
    apt-get -q $lockless check >"$work/log" 2>&1 || fail "$PACKAGES" "apt is not ready: $(reason "$work/log")"
}

# ---- which driver

# A source that is not the distribution's, which has been asked for by its name.
add_ppa() {
    ! grep -qs graphics-drivers/ppa "$root"/etc/apt/sources.list.d/* || return 0
    if [ -n "$is_dry" ]; then
        say "would add $ppa to the system's sources; what it offers is not known before"
        return
    fi
    command -v add-apt-repository >/dev/null ||
        fail "$SYSTEM" 'add-apt-repository is missing: expected the package software-properties-common'
    ask "Add $ppa, which is not Ubuntu's own, to the system's sources?"
    added_ppa=yes
    add-apt-repository -y "$ppa" >"$work/log" 2>&1 || fail "$FETCH" "$ppa could not be added: $(reason "$work/log")"
}

update_lists() {
    [ -n "$is_update" ] && [ -z "$is_dry" ] || return 0
    say 'refreshing the lists of packages'
    apt-get -q -o APT::Update::Error-Mode=any update >"$work/log" 2>&1 || fail "$FETCH" \
        "the lists of packages could not be refreshed: $(reason "$work/log"); --no-update takes those that are there"
}

# Which kind of modules, if nobody said: as now, or what the GPUs here need.
default_modules() {
    case $family-$current in
    *-open) echo open ;;
    debian-?*) if [ -n "$(version_of nvidia-open-kernel-dkms)" ]; then echo open; else echo proprietary; fi ;;
    *-?*) echo proprietary ;;
    *) if has_gpu_for_only open; then echo open; else echo proprietary; fi ;;
    esac
}

# The name for Ubuntu: the series and -server stay, -open follows the modules.
# shellcheck disable=SC2317 # called as ${family}_name
ubuntu_name() {
    server=''
    case $current in *-server*) server=-server ;; esac
    open=''
    [ "$modules" = proprietary ] || open=-open
    if [ -n "$is_latest" ]; then
        sed -n "s/^\(nvidia-driver-[0-9]*$server$open\) .*/\1/p" "$work/offers" | tail -n 1
    else
        echo "${current%-open}$open"
    fi
}

# shellcheck disable=SC2317 # called as ${family}_name
debian_name() {
    if [ -n "$is_latest" ]; then echo nvidia-driver; else echo "$current"; fi
}

check_name() {
    echo "$package" | grep -qE "$pattern" ||
        fail "$OFFER" "'$package' is no driver package of this system: expected $names_like"
    case $family-$package-$modules in
    ubuntu-*-open-proprietary) wrong "$package has the open modules, and --proprietary was given" ;;
    ubuntu-*-open-*) modules=open ;;
    ubuntu-*-open) package=$package-open ;;
    ubuntu-*) modules=proprietary ;;
    debian-nvidia-driver-*) ;;
    debian-*-open) fail "$OFFER" "$package has no open modules: expected nvidia-driver with --open" ;;
    debian-*) modules=proprietary ;;
    esac
}

choose_driver() {
    current=$(installed_drivers | tail -n 1 | sed 's/ .*//')
    if [ -z "$package$is_latest$current" ]; then
        fail "$OFFER" "no driver is installed whose modules --$modules could change: expected --latest or --package=NAME too"
    fi
    [ -n "$modules" ] || modules=$(default_modules)
    [ -n "$package" ] || package=$("${family}_name")
    check_gpus
    check_offered
}

check_gpus() {
    other=open
    [ "$modules" = proprietary ] || other=proprietary
    ! has_gpu_for_only "$other" ||
        fail "$OFFER" "the $modules modules do not know the GPU here ($(gpus | paste -sd' ')): expected --$other"
}

components() { apt-cache policy | grep -oE 'c=[a-z-]+' | sort -u | cut -c3- | paste -sd' '; }

check_offered() {
    version=$(sed -n "s/^$package //p" "$work/offers")
    [ -z "$version" ] || return 0
    if [ -s "$work/offers" ]; then
        fail "$OFFER" "${package:-a driver with $modules modules} is not offered: expected one of $(cut -d' ' -f1 "$work/offers" | paste -sd' ')"
    fi
    case $family in
    debian) wanted='contrib, non-free and non-free-firmware' ;;
    *) wanted=restricted ;;
    esac
    found=$(components)
    fail "$OFFER" "no driver is offered: expected $wanted in the sources of apt, which have ${found:-nothing}"
}

# ---- what apt is told

want() { echo "$1=$2" >>"$work/targets"; }
drop() { [ -z "$(version_of "$1")" ] || echo "$1-" >>"$work/targets"; }

# On Debian the modules are a package beside the driver's; drivers of old bring their own, and those
# of the newest would go before them.
want_modules() {
    [ "$family" = debian ] || return 0
    if [ "$package" != nvidia-driver ]; then
        drop nvidia-kernel-dkms
        drop nvidia-open-kernel-dkms
        return
    fi
    kernel=nvidia-kernel-dkms other=nvidia-open-kernel-dkms
    [ "$modules" = proprietary ] || kernel=nvidia-open-kernel-dkms other=nvidia-kernel-dkms
    module_version=$(candidate_of "$kernel")
    [ -n "$module_version" ] || fail "$OFFER" "$kernel is not offered: expected it for the $modules modules"
    want "$kernel" "$module_version"
    drop "$other"
}

# Without the headers of the kernel that runs no module is made for it.
want_headers() {
    headers=linux-headers-$(uname -r)
    [ -z "$(version_of "$headers")" ] || return 0
    headers_version=$(candidate_of "$headers")
    [ -n "$headers_version" ] || fail "$PACKAGES" \
        "$headers is neither installed nor offered, so no module could be built: expected a kernel that is still offered to run"
    want "$headers" "$headers_version"
}

make_targets() {
    : >"$work/targets"
    want "$package" "$version"
    want_modules
    want_headers
    for old in $(installed_drivers | sed 's/ .*//'); do
        [ "$old" = "$package" ] || drop "$old"
    done
    targets=$(paste -sd' ' "$work/targets")
}

# The plan, of apt's simulation: `install NAME VERSION`, `replace NAME OLD VERSION`, `remove NAME OLD`.
# shellcheck disable=SC2086 # $targets: words for apt
make_plan() {
    apt-get -s -q -o Debug::NoLocking=1 install $targets >"$work/log" 2>&1 ||
        fail "$PACKAGES" "apt cannot install $package: $(reason "$work/log")"
    awk '
        function bare(word) { gsub(/[][()]/, "", word); return word }
        $1 == "Inst" && $3 ~ /^\[/ { print "replace", $2, bare($3), bare($4) }
        $1 == "Inst" && $3 !~ /^\[/ { print "install", $2, bare($3) }
        $1 == "Remv" || $1 == "Purg" { print "remove", $2, bare($3) }' "$work/log" >"$work/plan"
}

# A resolver that finds no other way may take a desktop away.
check_plan() {
    stranger=$(awk '$1 == "remove" && $2 !~ /nvidia|libcuda|libxnvctrl|cuda-drivers/ { print $2 }' "$work/plan" | head -n 1)
    [ -z "$stranger" ] || fail "$PACKAGES" "apt would remove $stranger as well: expected that only packages of the driver go"
}

tell_plan() {
    awk '$1 == "replace" { $4 = "-> " $4 } { what = $1; $1 = ""; printf "will %-8s%s\n", what, $0 }' "$work/plan"
    users=$(users | awk '{ print $2 " (" $1 ")" }' | paste -sd, | sed 's/,/, /g')
    [ -z "$users" ] || [ -n "$is_stop" ] || say "in use by: $users; --stop would end it"
    [ -z "$users" ] || [ -z "$is_stop" ] || say "will stop     $users"
}

# ---- having everything at hand

# Runs a command, shows what it says and keeps it in the log, though nobody reads on.
shown() {
    echo 1 >"$work/status"
    { "$@" 2>&1; echo $? >"$work/status"; } | tee -ip "$work/log"
    return "$(cat "$work/status")"
}

# What a package file of that name, as apt tells it, may be built for.
architectures() {
    case $1 in
    *:*) echo "${1##*:}" ;;
    *) echo "$(dpkg --print-architecture) all" ;;
    esac
}

# The package file of `$1=$2` into the backup: out of apt's cache, from the archive, or packed again
# from what is installed.
back_up() {
    for architecture in $(architectures "$1"); do
        file=$root/var/cache/apt/archives/${1%:*}_$(echo "$2" | sed 's/:/%3a/g')_$architecture.deb
        ! [ -e "$file" ] || { cp "$file" "$work/backup" && return; }
    done
    (cd "$work/backup" && { apt-get -q download "$1=$2" || dpkg-repack "$1"; }) >"$work/log" 2>&1 </dev/null
}

make_backup() {
    mkdir "$work/backup"
    apt-mark showauto >"$work/auto"
    awk '$1 != "install" { print $2, $3 }' "$work/plan" >"$work/old"
    while read -r old old_version; do
        back_up "$old" "$old_version" || [ -z "$is_backup" ] || fail "$FETCH" \
            "$old $old_version is no longer to be had, so it could not be put back: expected dpkg-repack to be installed, or --no-backup"
    done <"$work/old"
}

# shellcheck disable=SC2086 # $targets: words for apt
download() {
    say 'downloading'
    shown apt-get -y -q --download-only install $targets ||
        fail "$FETCH" "$package could not be downloaded: $(reason "$work/log")"
}

# ---- what uses the GPU

# Services that do, in the order in which they are stopped.
services='display-manager nvitop-exporter nvidia-dcgm nvidia-powerd nvidia-persistenced nvidia-fabricmanager'
# Modules in the order in which they can be unloaded.
module_order='nvidia_drm nvidia_modeset nvidia_peermem nvidia_uvm nvidia'
stopped='' unloaded=''

# `pid name` of each process that has the GPU open.
users() {
    find "$root"/proc/[0-9]*/fd -lname '/dev/nvidia*' 2>/dev/null | sed 's,/fd/[^/]*$,,' | sort -u |
        while read -r place; do
            echo "${place##*/} $(sed 's/ /_/g' "$place/comm" 2>/dev/null)"
        done
}

is_loaded() { grep -q "^$1 " "$root/proc/modules" 2>/dev/null; }

cannot_stop() {
    tell "$*; no package was changed"
    leave "$BUSY"
}

stop_services() {
    command -v systemctl >/dev/null || return 0
    for service in $services; do
        systemctl is-active --quiet "$service" || continue
        say "stopping $service"
        stopped="$service $stopped"
        systemctl stop "$service" || cannot_stop "$service did not stop: expected systemctl stop $service to do it"
    done
}

# Asks processes to end, and gives them ten seconds.
stop_processes() {
    users | while read -r pid program; do
        say "stopping $program ($pid)"
        kill -TERM "$pid" 2>/dev/null
    done
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        [ -n "$(users)" ] || return 0
        sleep 1
    done
    cannot_stop "still in use: expected that $(users | awk '{ print $2 " (" $1 ")" }' | paste -sd' ') ends"
}

unload_modules() {
    for module in $module_order; do
        is_loaded "$module" || continue
        unloaded=yes
        modprobe -r "$module" >"$work/log" 2>&1 || cannot_stop "the module $module is in use: expected modprobe -r $module to unload it"
    done
}

# The terminal may be one of those that end now, so neither its end nor that of who reads there ends us.
stop_users() {
    [ -n "$is_stop" ] || return 0
    say 'stopping what uses the GPU'
    trap '' HUP PIPE
    stop_services
    stop_processes
    unload_modules
}

start_again() {
    [ -z "$unloaded" ] || modprobe nvidia >/dev/null 2>&1 || tell 'the module nvidia does not load yet: reboot'
    unloaded=''
    for service in $stopped; do
        systemctl start "$service" || tell "$service did not start again: systemctl start $service"
    done
    stopped=''
}

# ---- the change, and the way back

# NVIDIA's own versions of the drivers in the packages file $1: 535.129.03 of 1:535.129.03-0ubuntu0.22.04.1.
# They are more than one where a package stands for that of a newer driver.
versions_of_nvidia() { drivers_in "$1" | sed 's/.* //; s/^[0-9]*://; s/[^0-9.].*//' | sort -u; }

# The versions of the modules that the kernel that runs has.
module_versions() {
    find "$root/lib/modules/$(uname -r)/" \
        \( -name 'nvidia.ko*' -o -name 'nvidia-current*' -o -name 'nvidia-tesla*' -o -name 'nvidia-legacy*' \) \
        -exec modinfo -F version {} \; 2>/dev/null
}

# Is what was wanted there, with a module for the kernel that runs? Says what is missing. Modules of
# another driver may have stayed, so theirs are no matter.
is_done() {
    read_packages "$work/after"
    while read -r target; do
        case $target in *-) continue ;; esac
        awk -F'|' -v want="$target" '/^[ih]i / { sub(/:.*/, "", $2); if ($2 "=" $3 == want) found = 1 } END { exit !found }' \
            "$work/after" || { echo "$target is not installed to the end" && return 1; }
    done <"$work/targets"
    versions_of_nvidia "$work/after" >"$work/versions"
    module_versions | grep -qxFf "$work/versions" ||
        { echo "no module $(paste -sd' ' "$work/versions") was built for the kernel $(uname -r)" && return 1; }
}

# Is every package as it was before?
is_as_before() {
    read_packages "$work/after"
    present "$work/packages" >"$work/one"
    awk -F'|' '$1 ~ /^.[^inc]/ { $2 = $2 " (broken)" } { print $1 "|" $2 "|" $3 }' "$work/after" >"$work/marked"
    present "$work/marked" >"$work/two"
    cmp -s "$work/one" "$work/two"
}

# shellcheck disable=SC2317 # called through `shown`, as the next two are
newcomers() { awk '$1 == "install" { print $2 }' "$work/plan"; }

# In one go; what is new goes in the same transaction.
# shellcheck disable=SC2046,SC2317 # names of packages
restore_by_apt() {
    set -- $(newcomers | sed 's/$/-/')
    for file in "$work"/backup/*.deb; do
        [ ! -e "$file" ] || set -- "$@" "$file"
    done
    apt-get -y -q --allow-downgrades --allow-change-held-packages -o Dpkg::Options::=--force-confold install "$@"
}

# apt refuses where packages are broken in the middle; dpkg is told to go through it.
# shellcheck disable=SC2046,SC2317 # names of packages
restore_by_dpkg() {
    dpkg --remove --force-depends --force-remove-reinstreq $(newcomers)
    set --
    for file in "$work"/backup/*.deb; do
        [ ! -e "$file" ] || set -- "$@" "$file"
    done
    [ $# -eq 0 ] || dpkg --install --force-depends --force-downgrade --force-confold "$@"
    dpkg --configure -a --force-confold
}

# What apt had chosen by itself stays its own.
# shellcheck disable=SC2046 # names of packages
restore_marks() {
    set -- $(sed 's/ .*//' "$work/old" | grep -Fxf "$work/auto")
    [ $# -eq 0 ] || apt-mark auto "$@" >/dev/null 2>&1
}

put_back() {
    if ! is_as_before; then
        say 'putting back what was there'
        shown restore_by_apt
        is_as_before || shown restore_by_dpkg
        restore_marks
    fi
    if is_as_before; then
        tell "$1; what was there before is back"
        leave "$RESTORED"
    fi
    tell "$1, and putting back failed"
    tell "packages of before are in $work/backup: expected that dpkg --install $work/backup/*.deb && apt-get -f install mends it"
    leave "$BROKEN"
}

# From here on we are not interrupted, since half of a driver is worse than waiting. Ctrl-C reaches dpkg
# all the same, which then fails, and what was there is put back; and it reaches who reads what we say.
# shellcheck disable=SC2086 # $targets: words for apt
change() {
    say "installing $package $version"
    trap '' HUP INT TERM PIPE
    shown apt-get -y -q -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install $targets ||
        put_back "$package could not be installed: $(reason "$work/log")"
    missing=$(is_done) || put_back "$package could not be installed: $missing"
}

# ---- what is left to do

is_secure_boot() {
    for file in "$root"/sys/firmware/efi/efivars/SecureBoot-*; do
        [ -e "$file" ] && [ "$(od -An -tu1 -j4 -N1 "$file" | tr -d ' ')" = 1 ] && return
    done
    return 1
}

mok_key() {
    if [ "$family" = ubuntu ]; then echo /var/lib/shim-signed/mok/MOK.der; else echo /var/lib/dkms/mok.pub; fi
}

tell_rest() {
    say "installed: $package $version"
    ! is_secure_boot || say "Secure Boot is on: the module loads only if its key is enrolled: mokutil --import $(mok_key)"
    if is_loaded nvidia; then
        say "the kernel still runs $(cat "$root/sys/module/nvidia/version" 2>/dev/null || echo 'the old module'): reboot to use the new driver"
    elif is_loaded nouveau; then
        say 'the kernel runs nouveau: reboot to use the new driver'
    elif [ -z "$unloaded" ]; then
        say 'to use the driver: modprobe nvidia, or reboot'
    fi
}

# ---- from the beginning to the end

begin() {
    umask 022
    work=$(mktemp -d "${TMPDIR:-/var/tmp}/$self.XXXXXX") ||
        fail "$SYSTEM" "no folder in ${TMPDIR:-/var/tmp}: expected one for what is kept meanwhile"
    chmod 755 "$work"
    trap 'interrupted 129' HUP
    trap 'interrupted 130' INT
    trap 'interrupted 143' TERM
    trap unread PIPE
    check_system
    read_packages "$work/packages"
}

list() {
    read_offers
    tell_system
    tell_offers
    leave "$OK"
}

prepare() {
    tell_system
    [ -z "$package" ] || check_name
    check_packages
    check_apt
    [ -z "$is_ppa" ] || add_ppa
    update_lists
    read_offers
    choose_driver
    make_targets
    make_plan
    check_plan
}

main() {
    parse_options "$@"
    begin
    ! is_list || list
    prepare
    if ! [ -s "$work/plan" ]; then
        say "nothing to do: $package $version is installed, and nothing newer is offered"
        leave "$OK"
    fi
    tell_plan
    [ -z "$is_dry" ] || leave "$OK"
    ask 'Go on?'
    make_backup
    download
    stop_users
    change
    tell_rest
    leave "$OK"
}

main "$@"
