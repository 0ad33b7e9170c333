#!/bin/sh
# Runs at every boot: mounts the data disk (formatting it only when it is new) and starts PostgreSQL on it.
set -eu
device=/dev/disk/by-id/google-data
mount_point=/var/lib/postgresql

blkid "$device" >/dev/null 2>&1 || mkfs.ext4 -q "$device"
mkdir -p "$mount_point"
mountpoint -q "$mount_point" || mount "$device" "$mount_point"

export DEBIAN_FRONTEND=noninteractive
command -v pg_lsclusters >/dev/null 2>&1 || { apt-get update -q && apt-get install -y -q postgresql; }
config=$(ls -d /etc/postgresql/*/main | tail -n 1)
printf "listen_addresses = '*'\nmax_connections = 120\nshared_buffers = 256MB\n" >"$config/conf.d/todo.conf"
grep -q '10.0.0.0/8' "$config/pg_hba.conf" || printf 'hostssl all all 10.0.0.0/8 scram-sha-256\n' >>"$config/pg_hba.conf"
systemctl restart postgresql
