#!/bin/sh
# Says whether a webhook is signed with one of the secrets: sh verify.sh BODY_FILE HEADER SECRET...
# For looking, not for production: a secret in a command line is seen by whoever lists processes.
file=$1 header=$2
shift 2
for secret in "$@"; do
  right=$(openssl dgst -sha256 -hmac "$secret" -binary "$file" | openssl base64 -A)
  for one in $header; do
    if [ "$one" = "$right" ]; then
      echo signed
      exit 0
    fi
  done
done
echo not signed
exit 1
