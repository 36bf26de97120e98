# The image of nvitop, and with `--target exporter` that of nvitop-exporter:
#
#     docker build --tag nvitop:latest .
#     docker run -it --rm --runtime=nvidia --gpus=all --pid=host nvitop:latest
#
# The driver's library is not in it: NVIDIA's container runtime brings that of the host.
# `basetag` is the tag of the Debian image that both are built and run on, from bookworm on;
# `baseimage` is its name, or that of an image made of it.
ARG baseimage=debian
ARG basetag=bookworm-slim

# ---- the programs, and a list of the packages that hold what they are linked to
FROM ${baseimage}:${basetag} AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# What the distribution has is what is wanted, security updates included: no version is named.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev meson ninja-build pkg-config \
        libutf8proc-dev libinih-dev libjansson-dev libncurses-dev \
        libmicrohttpd-dev zlib1g-dev libgnutls28-dev libyaml-dev libcrypt-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN meson setup /build --prefix=/usr --buildtype=release -Dtests=false \
    && meson install -C /build --destdir=/installed --strip --quiet
# A library's package has another name in another release, so it is looked up by its file. The
# simulated driver is in each image.
WORKDIR /installed/usr/bin
RUN for program in *; do \
        ldd "$program" ../libexec/nvitop/* | sed -n 's,.* => [^ ]*/\([^/ ]*\) .*,*/\1,p' \
            | sort -u | xargs dpkg-query --search | sed 's/[,:].*//' | sort -u >"/installed/$program.packages" \
        || exit 1; \
    done

# ---- what both images have
FROM ${baseimage}:${basetag} AS base
ENV LANG=C.UTF-8
# All GPUs of the host, and of its driver what tells of them (NVML), if the command line names neither.
ENV NVIDIA_VISIBLE_DEVICES=all
ENV NVIDIA_DRIVER_CAPABILITIES=utility
COPY --from=build /source/LICENSE /usr/share/doc/nvitop/
COPY --from=build /installed/usr/libexec/nvitop/ /usr/libexec/nvitop/
COPY --from=build /installed/usr/share/nvitop/scenarios/ /usr/share/nvitop/scenarios/

# ---- nvitop-exporter
FROM base AS exporter
COPY --from=build /installed/nvitop-exporter.packages /usr/share/doc/nvitop/packages
# hadolint ignore=DL3008
RUN apt-get update \
    && xargs apt-get install -y --no-install-recommends </usr/share/doc/nvitop/packages \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /installed/usr/bin/nvitop-exporter /usr/bin/
# Nobody in particular: processes, users and the driver's devices can be read by all.
USER 65534:65534
EXPOSE 8000
# As it listens if nothing is said; with a certificate or another port, --health-cmd says how.
HEALTHCHECK --interval=30s --timeout=5s --start-period=40s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8000 && printf 'GET /-/healthy HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && test \"$status\" = 200"]
ENTRYPOINT ["nvitop-exporter", "--bind-address", "0.0.0.0"]

# ---- nvitop, and nvisel with `--entrypoint nvisel`
FROM base
COPY --from=build /installed/nvitop.packages /usr/share/doc/nvitop/packages
# hadolint ignore=DL3008
RUN apt-get update \
    && xargs apt-get install -y --no-install-recommends </usr/share/doc/nvitop/packages \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /installed/usr/bin/nvitop /installed/usr/bin/nvisel /usr/bin/
# As root, who sees all of every process and may end it; `--user` gives that up.
ENTRYPOINT ["nvitop"]
