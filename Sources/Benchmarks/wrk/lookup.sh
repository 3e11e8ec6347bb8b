#!/usr/bin/env bash
# Lookup by phone against this server's own hello, by wrk at 8 connections, in one run; memory under that load.
#
#   Sources/Benchmarks/wrk/lookup.sh .build/release/redress FOLDER [SECONDS]
#
# FOLDER is a town of 1,000,000 people that `RedressBenchmarks lookup --folder …` has built. Every lookup writes its
# committed row of the access log. Limits: ratio 0.5, p99 10 ms, 200 MB.
set -euo pipefail
redress=$1 folder=$2 seconds=${3:-10}
here=$(cd "$(dirname "$0")" && pwd)
export PEOPLE=${PEOPLE:-1000000} TOKEN
name="wrk-$(date +%s)"
"$redress" staff add "$name" --role agent --data-dir "$folder" >/dev/null
TOKEN=$("$redress" token create "$name" --data-dir "$folder" | grep -o 'rdr_[A-Za-z0-9_-]*' | head -n 1)
log=$(mktemp)
"$redress" serve --port 0 --data-dir "$folder" --set http.session_rate=0 --set http.address_rate=0 2>"$log" &
server=$!
trap 'kill $server 2>/dev/null || true; wait $server 2>/dev/null || true; rm -f "$log"' EXIT
for _ in $(seq 600); do grep -q 'listening on' "$log" && break; sleep 0.1; done
base="http://127.0.0.1:$(grep -o 'listening on 127.0.0.1:[0-9]*' "$log" | head -n 1 | grep -o '[0-9]*$')"
memory() { awk '/VmHWM/ {print $2 / 1024 " MB at most so far"}' "/proc/$server/status"; }
for round in ${ROUNDS:-1 2}; do
    for what in hello lookup; do
        script=()
        path=/healthz
        [ "$what" = lookup ] && script=(-s "$here/lookup.lua") && path=/api/v1/lookups
        echo "== $what, round $round"
        wrk -t2 -c8 -d"${seconds}s" --latency ${script[@]+"${script[@]}"} "$base$path" \
            | grep -E '50%|99%|Requests/sec|Non-2xx|Socket errors' || true
        memory
    done
done
