"""Ids of steps that outlive a release."""

from typing import Any

from apache_beam.pipeline import AppliedPTransform, ComponentIdMap

from transforms.part_names import content_digest

_READABLE = 60


class StepIds(ComponentIdMap):
    """Names each step by its full name alone.

    Beam numbers the steps in the order it meets them. The ids of steps with timers, and of sources
    that read on, stand in Flink's savepoints: one step more anywhere, and Flink fails for ever with
    "No receiver found for timer".
    """

    def get_or_assign(self, obj: Any = None, obj_type: Any = None, label: str | None = None) -> str:
        """Return the id of a component; the same step has the same one in every graph."""
        if not isinstance(obj, AppliedPTransform):
            return str(super().get_or_assign(obj, obj_type, label))
        name = obj.full_label or ""
        readable = self._normalize(name)[:_READABLE]
        return f"{self.namespace}_{readable}_{content_digest(name.encode())[:12]}"
