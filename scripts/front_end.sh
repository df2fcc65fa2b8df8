#!/bin/sh
# Build the mobile web page when its sources changed: `scripts/front_end.sh run`.
# Check everything of miniprogram/: `... test`. Click through it: `... journey`. Try the build for WeChat with
# WeChat's own tools: `... wechat`. No step may take for ever.
set -eu
cd "$(dirname "$0")/../miniprogram"
MOST_SECONDS=900
within() { timeout "$MOST_SECONDS" "$@"; }

if ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null ||
    ! command -v npm >/dev/null; then
    echo "The mobile web page needs Node 20 or newer with npm: please install it, then run the command again." >&2
    # Everything else runs without the page; a test without it would prove nothing.
    [ "${1:-run}" = run ] && exit 0 || exit 1
fi
if [ ! -e node_modules/.ready ] || [ package-lock.json -nt node_modules/.ready ]; then
    echo "Installing the packages of the mini-program (once) ..."
    within npm ci --no-audit --no-fund --loglevel=error
    touch node_modules/.ready
fi
if [ "${1:-run}" = test ]; then
    within npm run --silent check
    within npm run --silent test
    within npm run --silent build:mp-weixin
fi
if [ "${1:-run}" = wechat ]; then
    if [ ! -e wechat-checks/node_modules/.ready ] || [ wechat-checks/package-lock.json -nt wechat-checks/node_modules/.ready ]; then
        echo "Installing WeChat's own tools (once) ..."
        within npm --prefix wechat-checks ci --no-audit --no-fund --loglevel=error
        touch wechat-checks/node_modules/.ready
    fi
    within npm run --silent build:mp-weixin
    within npm run --silent check:wechat
    exit
fi
built=dist/.web-page-built
if [ ! -e "$built" ] || [ "${1:-run}" = test ] ||
    [ -n "$(find src build index.html package-lock.json ./*.ts -newer "$built" ! -name '*.generated.css' -print -quit)" ]; then
    echo "Building the mobile web page ..."
    within npm run --silent build:h5
    touch "$built"
fi
if [ "${1:-run}" = journey ]; then
    within npm run --silent test:browser
fi
