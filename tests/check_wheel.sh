#!/usr/bin/env bash
# Builds the wheel, installs it into an empty environment and runs the command from another folder.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

python -m hatchling build -t wheel -d "$scratch/dist" >/dev/null
wheel=$(echo "$scratch"/dist/*.whl)
if command -v uv >/dev/null; then
  uv venv --quiet --python python "$scratch/venv"
  uv pip install --quiet --python "$scratch/venv/bin/python" --require-hashes -r "$root/requirements.lock"
  uv pip install --quiet --python "$scratch/venv/bin/python" --no-deps "$wheel"
else
  python -m venv "$scratch/venv"
  pip="$scratch/venv/bin/python -m pip --disable-pip-version-check"
  $pip install --quiet --require-hashes -r "$root/requirements.lock"
  $pip install --quiet --no-deps "$wheel"
fi

cd "$scratch"
"$scratch/venv/bin/copydesk" run --input "$root/sample_input" --output "$scratch/out"
"$scratch/venv/bin/python" -c '
import importlib.util, sys
import pyarrow.parquet as pq
rows = pq.read_table(sys.argv[1] + "/articles").num_rows
assert rows > 0, "the installed command wrote no articles"
assert importlib.util.find_spec("tests") is None, "the wheel ships the tests"
print(f"wheel: {rows} articles from an installed copydesk")
' "$scratch/out"
