#!/bin/sh
# Builds the sandbox's first process for each platform. Needs gcc for x86-64 and aarch64
# (Debian: gcc gcc-aarch64-linux-gnu).
set -eu
cd "$(dirname "$0")"
out=../resources/dev/burstlet/docker/image
for pair in amd64:x86_64-linux-gnu arm64:aarch64-linux-gnu; do
    arch=${pair%%:*} triple=${pair#*:}
    "$triple-gcc" -Os -Wall -Wextra -Werror -nostdlib -static -ffreestanding -fno-pie -no-pie \
        -fno-stack-protector -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns \
        -Wl,--build-id=none -Wl,-z,norelro -Wl,-z,noseparate-code -s -o "$out/pause-$arch" pause.c
    "$triple-objcopy" --remove-section .comment --remove-section .note.gnu.property \
        "$out/pause-$arch"
    chmod 644 "$out/pause-$arch"
done
