#!/bin/sh
# What the tests use beside Python packages: a browser, a database server, OCR, readers of old office files, a compiler.
# On Debian and Ubuntu the missing ones are installed; elsewhere this says what to install by hand.
set -eu

missing=""
need() { # need COMMAND PACKAGE...
  command=$1
  shift
  [ -n "$(command -v "$command" 2>/dev/null || ls /usr/lib/postgresql/*/bin/"$command" 2>/dev/null)" ] || missing="$missing $*"
}
need chromium chromium
need initdb postgresql
need tesseract tesseract-ocr tesseract-ocr-chi-sim tesseract-ocr-uig tesseract-ocr-ara tesseract-ocr-kaz tesseract-ocr-rus
need antiword antiword
need catdoc catdoc
# FollowTheMoney's own library, which the tests read our exports with, is compiled against ICU where it is installed.
need g++ g++
need pkg-config pkg-config
[ -e /usr/include/unicode/uversion.h ] || [ -n "$(ls /usr/include/*/unicode/uversion.h 2>/dev/null)" ] || missing="$missing libicu-dev"

[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
  echo "The tests need these programs; install them with your system's package manager:$missing" >&2
  exit 1
fi
as_root=""
[ "$(id -u)" -eq 0 ] || as_root=sudo
$as_root apt-get update -qq
# shellcheck disable=SC2086 # a list of packages
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
