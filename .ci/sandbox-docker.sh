#!/usr/bin/env bash
# A Docker engine, compose v2 and stand-in base images for a Debian machine that reaches no image registry.
#   sandbox-docker.sh up [IMAGE...]           start the engine, make the images (default: python:3.13-slim postgres:17)
#   sandbox-docker.sh base-images [IMAGE...]  only make the images
#   sandbox-docker.sh down                    stop the engine and undo its network set-up; images stay
#   sandbox-docker.sh purge                   down, then delete all it made in /var/lib/sandbox-docker
# Images: python:X.Y-slim* (X.Y one of pyenv's), postgres:17*, redis:8*, debian:trixie*.
# Needs root and apt. The engine (SANDBOX_DOCKER_SUITE: trixie, or forky for a newer one) and the images (trixie)
# come from Debian by the host's own apt source; pip inside the images uses the host's CA and index settings.
set -euo pipefail
HOME_DIR=${SANDBOX_DOCKER_HOME:-/var/lib/sandbox-docker}
DEFAULT=(python:3.13-slim postgres:17)
ROOT=$HOME_DIR/root PIDFILE=$HOME_DIR/docker.pid LOG=$HOME_DIR/dockerd.log BASE=debian:trixie-slim
PLUGINS=/usr/local/lib/docker/cli-plugins
PATH=$ROOT/usr/sbin:$ROOT/usr/bin:$PATH
export DEBIAN_FRONTEND=noninteractive DOCKER_HOST=unix:///var/run/docker.sock
say() { printf '%s %s\n' "$(date +%T)" "$*" >&2; }
have() { docker image inspect "$1" >/dev/null 2>&1; }
engine_pid() { local p; p=$(cat "$PIDFILE" 2>/dev/null) && [ "$(readlink "/proc/$p/exe")" = "$ROOT/usr/sbin/dockerd" ] && echo "$p"; }

apt_source() {  # the host's own mirror, another suite
  local uri; uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n1)
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $1 main"
}

install_engine() {
  [ -x "$ROOT/usr/sbin/dockerd" ] && return
  say "installing the engine"
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends iptables iproute2 runc tini mmdebstrap ca-certificates >/dev/null 2>&1
  mkdir -p "$HOME_DIR"/apt/{lists,cache/archives}/partial "$ROOT" "$PLUGINS"
  apt_source "${SANDBOX_DOCKER_SUITE:-trixie}" >"$HOME_DIR/apt/sources.list"
  local apt=(apt-get -qq -o Dir::Etc::SourceList="$HOME_DIR/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::State::Lists="$HOME_DIR/apt/lists" -o Dir::Cache="$HOME_DIR/apt/cache" -o APT::Sandbox::User=root)
  "${apt[@]}" update
  (cd "$HOME_DIR/apt" && "${apt[@]}" download docker.io docker-cli docker-compose docker-buildx containerd
   for deb in ./*.deb; do dpkg -x "$deb" "$ROOT"; done)  # unpacked, not installed: nothing of the host's is replaced
  rm -rf "$HOME_DIR/apt"
  ln -sf /usr/bin/tini "$ROOT/usr/bin/docker-init"
  ln -sf "$ROOT"/usr/libexec/docker/cli-plugins/* "$PLUGINS/"
  ln -sf "$ROOT/usr/libexec/docker/cli-plugins/docker-compose" /usr/local/bin/
  [ -e /usr/local/bin/docker ] || ln -s "$ROOT/usr/bin/docker" /usr/local/bin/
}

start_engine() {
  docker info >/dev/null 2>&1 && { say "an engine answers already: using it"; return; }
  install_engine
  local mtu; mtu=$(cat "/sys/class/net/$(ip route show default | grep -oPm1 'dev \K\S+')/mtu")
  cat >"$HOME_DIR/daemon.json" <<JSON
{"data-root": "$HOME_DIR/data", "exec-root": "/run/sandbox-docker", "pidfile": "$PIDFILE",
 "mtu": $mtu, "default-network-opts": {"bridge": {"com.docker.network.driver.mtu": "$mtu"}}}
JSON
  [ -e "$HOME_DIR/ip_forward" ] || cat /proc/sys/net/ipv4/ip_forward >"$HOME_DIR/ip_forward"
  rm -f "$PIDFILE"
  setsid dockerd --config-file "$HOME_DIR/daemon.json" >"$LOG" 2>&1 </dev/null &
  for _ in $(seq 150); do docker info >/dev/null 2>&1 && return; sleep .2; done
  tail -n 20 "$LOG" >&2; say "dockerd did not start"; exit 1
}

build() {  # build TAG < Dockerfile, with the files of $ctx if set
  cp /dev/stdin "${ctx:=$(mktemp -d)}/Dockerfile"
  docker build -q -t "$1" --label stand-in="$1" "$ctx" >/dev/null
  rm -rf "$ctx"; unset ctx
}

pip_conf() {  # the host's index settings, without its local folders
  printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n'
  python3 -m pip config list 2>/dev/null |
    sed -nE "s/^(global|:env:)\.((extra-)?index-url|proxy|trusted-host)='([^f].*)'$/\2 = \4/p" || true
}

make_image() {
  local tag=$1
  have "$tag" || docker pull -q "$tag" >/dev/null 2>&1 && return  # where a registry answers, the real image it is
  [ "$tag" = "$BASE" ] || make_image "$BASE"
  say "making $tag"
  case $tag in
  "$BASE")
    local opts=(); while read -r o; do opts+=(--aptopt="$o"); done < <(apt-config dump | grep -E '^Acquire::(Check-|https?::)')
    mmdebstrap --quiet --variant=minbase --dpkgopt=force-unsafe-io --include=ca-certificates,netbase,tzdata "${opts[@]}" \
      --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
      --customize-hook='cp -r /usr/local/share/ca-certificates "$1/usr/local/share/" && chroot "$1" update-ca-certificates >/dev/null 2>&1' \
      --customize-hook='printf "Dir::Cache::pkgcache \"\";\nDir::Cache::srcpkgcache \"\";\nAPT::Keep-Downloaded-Packages \"false\";\n" >"$1/etc/apt/apt.conf.d/docker-clean"; rm -f "$1"/var/cache/apt/*.bin' \
      trixie - "$(apt_source trixie)" |
      docker import --change 'CMD ["bash"]' --change 'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt' - "$tag" >/dev/null ;;
  debian:trixie*) docker tag "$BASE" "$tag" ;;
  python:*-slim*)
    local v=${tag#python:}; v=${v%%-*}
    local from; from=$(ls -d "${PYENV_ROOT:-$HOME/.pyenv}/versions/$v"* | tail -n1)
    ctx=$(mktemp -d); mkdir "$ctx/py"
    tar -c -C "$from" --exclude={site-packages,test,tests,idle_test,__pycache__,'*.a'} bin/python{,3,"$v"} include lib | tar -x -C "$ctx/py"
    pip_conf >"$ctx/pip.conf"
    build "$tag" <<DOCKERFILE
FROM $BASE
ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 PYTHON_VERSION=$(basename "$from")
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends libbz2-1.0 libcrypt1 libexpat1 libffi8 \
    liblzma5 libncursesw6 libnsl2 libreadline8t64 libsqlite3-0 libssl3t64 libuuid1 zlib1g && rm -rf /var/lib/apt/lists/*
COPY py /usr/local
COPY pip.conf /etc/pip.conf
RUN ldconfig && python3 -m ensurepip --default-pip && pip install -q --root-user-action=ignore -U --no-cache-dir --no-compile pip
CMD ["python3"]
DOCKERFILE
    ;;
  postgres:17*)
    ctx=$(mktemp -d); postgres_entrypoint >"$ctx/docker-entrypoint.sh"
    build "$tag" <<DOCKERFILE
FROM $BASE
RUN groupadd -r -g 999 postgres && useradd -r -g postgres -u 999 -d /var/lib/postgresql -s /bin/bash postgres
RUN mkdir -p /etc/postgresql-common /docker-entrypoint-initdb.d && echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf \
 && apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-17 && rm -rf /var/lib/apt/lists/* \
 && sed -i "s/^#listen_addresses = .*/listen_addresses = '*'/" /usr/share/postgresql/17/postgresql.conf.sample \
 && install -d -o postgres -g postgres -m 3777 /var/run/postgresql && install -d -o postgres -g postgres -m 1777 /var/lib/postgresql/data
ENV PATH=/usr/lib/postgresql/17/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 PG_MAJOR=17 PGDATA=/var/lib/postgresql/data
COPY --chmod=755 docker-entrypoint.sh /usr/local/bin/
VOLUME /var/lib/postgresql/data
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
DOCKERFILE
    ;;
  redis:8*)
    ctx=$(mktemp -d)
    cat >"$ctx/docker-entrypoint.sh" <<'SH'
#!/bin/sh
case $1 in -* | *.conf) set -- redis-server "$@" ;; esac
[ "$1" = redis-server ] && set -- "$@" --protected-mode no
[ "$1" = redis-server ] && [ "$(id -u)" = 0 ] && chown -R redis . && exec setpriv --reuid=redis --regid=redis --clear-groups "$@"
exec "$@"
SH
    build "$tag" <<DOCKERFILE
FROM $BASE
RUN groupadd -r -g 999 redis && useradd -r -g redis -u 999 redis \
 && apt-get update -qq && apt-get install -y -qq --no-install-recommends redis-server && rm -rf /var/lib/apt/lists/* && install -d -o redis -g redis /data
COPY --chmod=755 docker-entrypoint.sh /usr/local/bin/
VOLUME /data
WORKDIR /data
EXPOSE 6379
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["redis-server"]
DOCKERFILE
    ;;
  *) say "no stand-in for $tag"; exit 1 ;;
  esac
}

postgres_entrypoint() {
  cat <<'SH'
#!/bin/bash
# Stand-in for the official entrypoint: initdb at first start, POSTGRES_{USER,PASSWORD,DB}[_FILE], /docker-entrypoint-initdb.d.
set -e
case $1 in -*) set -- postgres "$@" ;; esac
[ "$1" = postgres ] || exec "$@"
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"; chown -R postgres "$PGDATA"; chmod 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
for v in POSTGRES_USER POSTGRES_PASSWORD POSTGRES_DB; do f=${v}_FILE; [ -z "${!f}" ] || export "$v=$(<"${!f}")"; done
: "${POSTGRES_USER:=postgres}" "${POSTGRES_DB:=$POSTGRES_USER}"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
    echo "Error: Database is uninitialized and superuser password is not specified." >&2; exit 1
  fi
  eval "initdb --username=\"$POSTGRES_USER\" --pwfile=<(printf '%s\n' \"$POSTGRES_PASSWORD\") $POSTGRES_INITDB_ARGS"
  echo "host all all all ${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
  pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
  export PGUSER=$POSTGRES_USER PGPASSWORD=$POSTGRES_PASSWORD
  [ "$POSTGRES_DB" = postgres ] || psql -v ON_ERROR_STOP=1 -d postgres -v db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
  for f in /docker-entrypoint-initdb.d/*; do case $f in
    *.sh) if [ -x "$f" ]; then "$f"; else . "$f"; fi ;;
    *.sql) psql -v ON_ERROR_STOP=1 -d "$POSTGRES_DB" -f "$f" ;;
    *.sql.gz) gunzip -c "$f" | psql -v ON_ERROR_STOP=1 -d "$POSTGRES_DB" ;;
  esac; done
  pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGUSER PGPASSWORD
fi
exec "$@"
SH
}

stop_engine() {
  [ -e "$HOME_DIR/ip_forward" ] || { say "no engine of this script's to stop"; return; }
  local pid p
  if pid=$(engine_pid); then
    docker ps -aq | xargs -r docker rm -fv >/dev/null
    docker network prune -f >/dev/null
    kill "$pid"
    for _ in $(seq 150); do [ -d "/proc/$pid" ] || break; sleep .2; done
  fi
  for p in /proc/[0-9]*; do  # what outlived an engine that was killed
    case $(readlink "$p/exe") in "$ROOT"/*) kill "${p#/proc/}" ;; esac
  done || true
  grep -o " $HOME_DIR/data[^ ]*" /proc/mounts | tac | xargs -r umount || true
  ip -o link | grep -oE '\b(docker0|br-[0-9a-f]{12})\b' | sort -u | xargs -rn1 ip link delete || true
  iptables-save | grep -vE 'DOCKER|docker0|br-[0-9a-f]{12}' | sed 's/^:FORWARD DROP/:FORWARD ACCEPT/' | iptables-restore
  cat "$HOME_DIR/ip_forward" >/proc/sys/net/ipv4/ip_forward && rm "$HOME_DIR/ip_forward"
  say "engine stopped"
}

cmd=${1:-}; shift || true
case $cmd in
up) start_engine; for i in "${@:-${DEFAULT[@]}}"; do make_image "$i"; done; say "ready" ;;
base-images) for i in "${@:-${DEFAULT[@]}}"; do make_image "$i"; done ;;
down) stop_engine ;;
purge) stop_engine; rm -rf "$HOME_DIR"
  find "$PLUGINS" /usr/local/bin -lname "$HOME_DIR/*" -delete ;;
*) sed -n '2,9p' "$0"; exit 2 ;;
esac
