"""Write a trained CatBoost model as the JSON that ``transforms.boosting`` evaluates."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

DIGITS = 5


def forest_json(model: Any, feature_names: Sequence[str], classes: Sequence[str]) -> str:
    """Return the JSON text of a fitted CatBoost classifier with numeric features only.

    A binary model has one output, the raw score of ``classes[1]``; leaf values are rounded to
    five significant digits, which keeps the file small.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        dump = json.loads(path.read_text(encoding="utf-8"))
    scale, bias = dump["scale_and_bias"]
    trees = [_tree(tree, scale) for tree in dump["oblivious_trees"]]
    payload = {
        "feature_names": list(feature_names),
        "classes": list(classes),
        "bias": [_round(value) for value in (bias if isinstance(bias, list) else [bias])],
        "trees": trees,
    }
    lines = [f"{json.dumps(key)}: {json.dumps(payload[key])}" for key in payload if key != "trees"]
    rows = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in trees)
    return "{\n" + ",\n".join(lines) + ',\n"trees": [\n' + rows + "\n]\n}\n"


def _tree(tree: dict[str, Any], scale: float) -> dict[str, list[float]]:
    # CatBoost's first split is the lowest bit of the leaf's index; ours is the highest.
    splits = list(reversed(tree["splits"]))
    return {
        "features": [split["float_feature_index"] for split in splits],
        "thresholds": [float(f"{split['border']:.8g}") for split in splits],
        "leaves": [_round(value * scale) for value in tree["leaf_values"]],
    }


def _round(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
