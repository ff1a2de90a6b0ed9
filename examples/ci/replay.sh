#!/bin/sh
# Tests a receiver on a build server: starts a simulator and the receiver, plays a script, ends with the script's verdict.
#
# The receiver here is the example's; put yours in its place. Its port is RECEIVER_PORT, 8000 unless told otherwise.
set -eu

port=${RECEIVER_PORT:-8000}
receiver="python $(dirname "$0")/../receiver/receiver.py --port $port"

# The script's own seed, since the seed decides the token.
rm -f scope.json
scope-simulator serve --seed 7 --speed max --port 0 --ready-file scope.json \
    --target "http://127.0.0.1:$port/hooks/scopear" > scope.log 2>&1 &
started=$!
trap 'kill $started 2> /dev/null || true' EXIT

# The file is there once the simulator listens. `kill -0` ends the wait if it could not start.
until [ -s scope.json ]; do
    kill -0 $started || { cat scope.log; exit 2; }
    sleep 0.1
done

read_scope() {
    sed -n 's/.*"'"$1"'": *"\([^"]*\)".*/\1/p' scope.json
}
SCOPE_URL=$(read_scope base_url)
SCOPE_TOKEN=$(read_scope token)
export SCOPE_URL SCOPE_TOKEN

$receiver > receiver.log 2>&1 &
started="$started $!"
until curl -s -o /dev/null "http://127.0.0.1:$port/"; do
    kill -0 $! || { cat receiver.log; exit 2; }
    sleep 0.1
done

scope-simulator replay paused-for-a-part --api "$SCOPE_URL" --report junit:report.xml
