#!/bin/sh
# Set up what the commands need and the machine lacks: `scripts/set_up.sh run`, `... test`, `... journey`,
# `... bench` or `... engines`.
# The Python packages go into .venv, with the versions and hashes of requirements-dev.txt. On Debian
# or Ubuntu as root, system packages are installed; elsewhere it says which to install.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

install_package() { # package, what for
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing $1 ($2) ..."
        apt-get update -qq
        # Only the program is wanted; no service is to be started.
        RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" >/dev/null
    else
        echo "Please install $1 ($2), then run the command again." >&2
        exit 1
    fi
}

command -v "$python" >/dev/null || install_package python3 "Python 3.11 or newer"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or newer is needed; name one with PYTHON=python3.12 make ..." >&2
    exit 1
}
if [ ! -e .venv/.ready ] || [ requirements-dev.txt -nt .venv/.ready ]; then
    echo "Setting up .venv (once) ..."
    "$python" -c 'import ensurepip, venv' 2>/dev/null || install_package python3-venv "virtual environments"
    "$python" -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --progress-bar on \
        --require-hashes -r requirements-dev.txt
    touch .venv/.ready
fi
[ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || install_package fonts-noto-cjk "Chinese letters on posters"
if [ "${1:-run}" = engines ]; then
    command -v java >/dev/null || install_package default-jre-headless "Java 17 or newer, for Spark"
    if [ ! -e .venv/.spark ] || [ requirements-spark.txt -nt .venv/.spark ]; then
        echo "Adding Spark to .venv (once; more than 400 MB) ..."
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --progress-bar on \
            --require-hashes -r requirements-spark.txt
        touch .venv/.spark
    fi
fi
if [ "${1:-run}" = test ] || [ "${1:-run}" = bench ]; then
    command -v wrk >/dev/null || install_package wrk "the load for make bench, which a test tries"
fi
if [ "${1:-run}" = test ]; then
    command -v redis-server >/dev/null || install_package redis-server "a real Redis for the tests"
    ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null ||
        install_package postgresql "PostgreSQL 15 or newer, for the second leg of the tests"
fi
if [ "${1:-run}" = test ] || [ "${1:-run}" = journey ]; then
    command -v chromium >/dev/null || [ -n "${CHROMIUM:-}" ] || install_package chromium "a browser for the tests"
fi
