#!/usr/bin/env bash
# Health check of the Kafka container: `bash kafka-ready.sh PORT` ends with 0 when a broker answers there which versions of
# requests it knows. Kafka's own tools ask the same, and start a JVM for it each time.
set -u
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
# Ten bytes follow; ApiVersions (18) in version 0, correlation id 1, no client id.
printf '\0\0\0\012\0\022\0\0\0\0\0\001\377\377' >&3
# The answer's length, its correlation id, its error code.
answer=$(head -c 10 <&3 | od -An -v -tx1 | tr -d ' \n')
[ "${answer:8}" = '000000010000' ]
