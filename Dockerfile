# The dev container of the workshop. It needs no `# syntax` line, and builds with
# the classic builder as well as with BuildKit:
#
#   docker build -t containers-from-scratch .
ARG NODE_IMAGE=node:24-trixie-slim
ARG ROOTFS_IMAGE=debian:bookworm-slim

FROM ${ROOTFS_IMAGE} AS rootfs
RUN echo "The container's root file system: $(. /etc/os-release && echo "$PRETTY_NAME")." >/CONTAINER_ROOT

FROM ${NODE_IMAGE}

# What one reaches for in the dev container. The manual pages of the system calls
# are wanted too, although slim images are set up to leave all manual pages out.
RUN printf 'path-include=/usr/share/man/man%s/*\n' 1 2 3 5 7 >/etc/dpkg/dpkg.cfg.d/zz-workshop \
 && apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      bash procps less nano vim-tiny strace util-linux iproute2 man-db manpages manpages-dev \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log

# The container's root file system, from another release than the dev container's,
# so that /etc/os-release tells where you are. Devices come with no base image.
COPY --from=rootfs / /rootfs
RUN cd /rootfs/dev \
 && for device in null:3 zero:5 full:7 random:8 urandom:9; do \
      [ -e "${device%:*}" ] || mknod -m 666 "${device%:*}" c 1 "${device#*:}"; \
    done \
 && { [ -e tty ] || mknod -m 666 tty c 5 0; }

WORKDIR /workshop
ENV WORKSHOP_SANDBOX=docker

# The packages have a layer of their own, which a change of the source leaves alone.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund --cache /tmp/npm && rm -rf /tmp/npm /tmp/node-compile-cache /root/.npm

COPY . .

# The starters: what lies in steps/ on the machine that builds may be half a
# solution. One that is of another version may be mounted over them, and is told of.
RUN node kit/launch.cjs starters && cp steps/README.md .built-with.md

# What Node compiles of the kit, kept: a container that goes with --rm would
# compile it again at its first step.
RUN node kit/launch.cjs docker/warm.ts

# A login greets with the page that `npm start` prints.
RUN echo '[ -t 1 ] && npm start --silent' >/etc/profile.d/workshop.sh
CMD ["bash", "--login"]
