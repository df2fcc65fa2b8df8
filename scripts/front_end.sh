#!/bin/sh
# Build the mobile web page and the console when their sources changed: `scripts/front_end.sh run`.
# Check and build everything of both: `... pages`; and click their first journeys: `... test`. Click through
# all: `... journey`. Try the mini-program's build with WeChat's own tools: `... wechat`. No step may take for ever.
set -eu
cd "$(dirname "$0")/.."
wanted=${1:-run}
MOST_SECONDS=900
in_folder() { folder=$1; shift; (cd "$folder" && timeout "$MOST_SECONDS" "$@"); }
is_checked() { [ "$wanted" = pages ] || [ "$wanted" = test ]; }
npm_run() { in_folder "$1" npm run --silent "$2"; }

installed() {
    if [ ! -e "$1/node_modules/.ready" ] || [ "$1/package-lock.json" -nt "$1/node_modules/.ready" ]; then
        echo "Installing the packages of $1 (once) ..."
        in_folder "$1" npm ci --no-audit --no-fund --loglevel=error
        touch "$1/node_modules/.ready"
    fi
}

# built <folder> <script> <sources of other folders ...>
built() {
    folder=$1 script=$2 mark=$1/dist/.web-page-built
    shift 2
    if [ ! -e "$mark" ] || is_checked ||
        [ -n "$(find "$folder/src" "$folder/build" "$folder/index.html" "$folder/package-lock.json" "$folder"/*.ts "$@" \
            -newer "$mark" ! -name '*.generated.*' -print -quit)" ]; then
        echo "Building the web page of $folder ..."
        npm_run "$folder" "$script"
        touch "$mark"
    fi
}

if ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null ||
    ! command -v npm >/dev/null; then
    echo "The web pages need Node 20 or newer with npm: please install it, then run the command again." >&2
    # Everything else runs without the pages; a test without them would prove nothing.
    [ "$wanted" = run ] && exit 0 || exit 1
fi
installed miniprogram
if [ "$wanted" = wechat ]; then
    installed miniprogram/wechat-checks
    npm_run miniprogram build:mp-weixin
    npm_run miniprogram check:wechat
    exit
fi
installed admin
if is_checked; then
    npm_run miniprogram check
    npm_run miniprogram test
    npm_run miniprogram build:mp-weixin
    npm_run admin check
    npm_run admin test
fi
built miniprogram build:h5
# The console has its colours, and how files are compressed, from the mini-program.
built admin build miniprogram/src/theme/tokens.css miniprogram/build/write-compressed.ts
if [ "$wanted" = test ]; then
    npm_run miniprogram test:journey
    npm_run admin test:journey
fi
if [ "$wanted" = journey ]; then
    npm_run miniprogram test:browser
    npm_run admin test:browser
fi
