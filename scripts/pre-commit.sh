#!/usr/bin/env bash
# The hook of .pre-commit-hooks.yaml: builds Hushgate in the clone that pre-commit keeps, once, and scans. It is no
# `language: node`, since `npm install -g` of a Git repository that has to be built fails (npm 11).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [ ! -e "$root/dist/built" ]; then
  cd "$root"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  npm run --silent build >&2
  touch dist/built
  cd "$OLDPWD"
fi
exec node "$root/dist/bin/hushgate.js" scan -R "$@"
