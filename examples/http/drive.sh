#!/bin/sh
# Tests an integration over the control API of a running simulator: any POSIX shell, curl and sed.
#
#     sh drive.sh SIMULATOR TARGET
#
# SIMULATOR is where `scope-simulator serve` listens, TARGET is the URL of your integration for webhooks. A shell receives
# no webhooks, so this program only asks the API as an integration would. Ends with 0 when all that was expected has
# happened, with 1 when something has not, with 2 when the simulator cannot be driven. A simulator that listens beyond its
# own machine wants its control token, in the variable CONTROL_TOKEN.
set -u

if [ $# -ne 2 ]; then
    echo "usage: sh drive.sh SIMULATOR TARGET" >&2
    exit 2
fi
simulator=$1
target=$2
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# control METHOD PATH [BODY]: the answer is in the file $answer, its status in $status. A wait that was in vain (408) is an
# answer like others.
control() {
    if [ $# -eq 3 ]; then
        set -- "$1" "$2" -H "Content-Type: application/json" -d "$3"
    fi
    method=$1
    path=$2
    shift 2
    if [ -n "${CONTROL_TOKEN:-}" ]; then
        set -- "$@" -H "Authorization: Bearer $CONTROL_TOKEN"
    fi
    status=$(curl -s -o "$answer" -w '%{http_code}' -X "$method" "$@" "$simulator/_simulator/$path")
    case $status in
        2?? | 408) ;;
        000) echo "no simulator at $simulator" >&2 && exit 2 ;;
        *) echo "$(field detail)" >&2 && exit 2 ;;
    esac
}

# field NAME: the text with this key in the answer.
field() {
    sed -n 's/.*[{,]"'"$1"'": *"\([^"]*\)".*/\1/p' "$answer" | head -n 1
}

control GET health
token=$(field token)
control POST targets "{\"url\": \"$target\"}"
target_id=$(field id)

control POST resources/ScenarioSession '{"externalData": {"work_order_id": "WO-1042"}}'
session=$(field id)
for verb in pause resume finish; do
    control POST "resources/$session/$verb"
done

verdict=passed
judge() {
    if [ "$status" = 408 ]; then
        echo "not met  $(field expected); seen: $(field seen)"
        verdict=failed
    else
        echo "met      $(field expected); seen: $(field seen)"
    fi
}

control POST deliveries/wait "{\"event\": \"finished\", \"of\": \"$session\", \"status\": \"2xx\", \"within\": \"5s\"}"
judge

# What an integration would do now.
query='query WorkOrder($id: ID!) { node(id: $id) { ... on ScenarioSession { state } } }'
curl -s -o "$answer" -H "Authorization: Bearer $token" -H "Content-Type: application/json" \
    -d "{\"query\": \"$query\", \"variables\": {\"id\": \"$session\"}}" "$simulator/api/v3/graphql"
echo "asked: the session is $(field state)"

control POST requests/wait "{\"of\": \"$session\", \"fields\": [\"state\"], \"after\": {\"event\": \"finished\"}, \"within\": \"5s\"}"
judge
control DELETE "targets/$target_id"

echo "$verdict"
[ "$verdict" = passed ]
