# The dev container of the workshop. It needs no `# syntax` line, and builds with
# the classic builder as well as with BuildKit:
#
#   docker build -t containers-from-scratch .
ARG NODE_IMAGE=node:24-trixie-slim
ARG ROOTFS_IMAGE=debian:bookworm-slim

FROM ${ROOTFS_IMAGE} AS rootfs
RUN echo "The container's root file system: $(. /etc/os-release && echo "$PRETTY_NAME")." >/CONTAINER_ROOT

# The pages install ps in the container, and a room may have no network: its
# packages lie in the root file system, as a repository that apt knows.
RUN mkdir -p /opt/packages/partial && cd /opt/packages \
 && apt-get update \
 && apt-get install -y --no-install-recommends --download-only -o Dir::Cache::archives=/opt/packages procps \
 && rm -rf partial lock /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt \
 && for file in *.deb; do \
      package=$(dpkg-deb --field "$file" Package).deb; \
      mv "$file" "$package"; \
      dpkg-deb --field "$package"; \
      printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$package" \
        "$(stat -c %s "$package")" "$(sha256sum "$package" | cut -d ' ' -f 1)"; \
    done >Packages \
 && echo 'deb [trusted=yes] file:/opt/packages ./' >/etc/apt/sources.list.d/packages.list \
 && apt-get update -o Dir::Etc::SourceList=sources.list.d/packages.list -o Dir::Etc::SourceParts=-

FROM ${NODE_IMAGE}

# Tools for the dev container, and the manual pages of the system calls, which
# slim images leave out.
RUN printf 'path-include=/usr/share/man/man%s/*\n' 1 2 3 5 7 >/etc/dpkg/dpkg.cfg.d/zz-workshop \
 && apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      bash procps less nano vim-tiny strace util-linux iproute2 man-db manpages manpages-dev \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log

# The container's root file system, from another release than the dev container's,
# so that /etc/os-release shows where you are. Base images have no devices.
COPY --from=rootfs / /rootfs
RUN cd /rootfs/dev \
 && for device in null:3 zero:5 full:7 random:8 urandom:9; do \
      [ -e "${device%:*}" ] || mknod -m 666 "${device%:*}" c 1 "${device#*:}"; \
    done \
 && { [ -e tty ] || mknod -m 666 tty c 5 0; }

WORKDIR /workshop
ENV WORKSHOP_SANDBOX=docker

# The packages have their own layer, which a change of the source does not rebuild.
COPY package.json package-lock.json ./
# Behind a company's proxy npm needs its certificate: --build-arg EXTRA_CA="$(cat company.pem)"
ARG EXTRA_CA=
RUN if [ -n "$EXTRA_CA" ]; then printf '%s\n' "$EXTRA_CA" >/tmp/ca.pem && export NODE_EXTRA_CA_CERTS=/tmp/ca.pem; fi \
 && npm ci --ignore-scripts --no-audit --no-fund --cache /tmp/npm && rm -rf /tmp/npm /tmp/ca.pem /tmp/node-compile-cache /root/.npm

COPY . .

# The starters: steps/ on the building machine may hold half a solution. The kit
# warns if a steps/ of another version is mounted over them.
RUN node kit/launch.cjs starters && cp steps/README.md .built-with.md

# Keep what Node compiles of the kit: a container with --rm would compile it again
# at its first step.
RUN node kit/launch.cjs docker/warm.ts

# A login shell runs `npm start`.
RUN echo '[ -t 1 ] && npm start --silent' >/etc/profile.d/workshop.sh
CMD ["bash", "--login"]
