#!/usr/bin/env bash
# Fetches the chart libraries that the page uses, exactly as src/caudal/web/vendor/vendor.json pins
# them, through npm's own client. Nothing is written unless both the archive (npm's sha512) and the
# file inside it (our sha256) are the recorded ones. To move to a newer version, change the version
# and both sums in vendor.json first; the script says what it found.
set -euo pipefail
cd "$(dirname "$0")/.."
vendor="src/caudal/web/vendor"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

python3 - "$vendor/vendor.json" >"$work/list" <<'PY'
import json, sys
for lib in json.load(open(sys.argv[1], encoding="utf-8"))["libraries"]:
    print(lib["package"], lib["version"], lib["archive_integrity"], lib["from"], lib["file"],
          lib["sha256"], lib["licence_file"], sep="\t")
PY

while IFS=$'\t' read -r package version integrity from file sha256 licence; do
  (cd "$work" && npm pack --silent "$package@$version" >packed)
  archive="$work/$(tail -1 "$work/packed")"
  found="sha512-$(openssl dgst -sha512 -binary "$archive" | base64 -w0)"
  if [ "$found" != "$integrity" ]; then
    echo "$package@$version: archive is $found; vendor.json says $integrity" >&2; exit 1
  fi
  rm -rf "$work/package" && tar -xzf "$archive" -C "$work"
  found="$(sha256sum "$work/package/$from" | cut -d' ' -f1)"
  if [ "$found" != "$sha256" ]; then
    echo "$package@$version $from: sha256 is $found; vendor.json says $sha256" >&2; exit 1
  fi
  cp "$work/package/$from" "$vendor/$file"
  cp "$work/package/LICENSE" "$vendor/$licence"
  chmod 644 "$vendor/$file" "$vendor/$licence"
  echo "$package $version: $vendor/$file"
done <"$work/list"
