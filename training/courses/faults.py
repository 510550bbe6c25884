"""Faults of content: where each is (file and line) and what is wrong, all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

Model = TypeVar("Model")


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class ContentFault(Exception):
    """The content cannot be served; `faults` names every file and line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in sorted(set(faults))))
        self.faults = sorted(set(faults))


class YamlFile:
    """A YAML file together with the lines on which its values stand."""

    def __init__(self, path: Path, shown: str) -> None:
        self.shown = shown
        self._node: yaml.Node | None = None
        loader = yaml.CSafeLoader(path.read_text(encoding="utf-8"))
        try:
            self._node = loader.get_single_node()
            self.value: Any = loader.construct_document(self._node) if self._node is not None else None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise ContentFault([Fault(shown, line, f"not YAML: {error.problem}")]) from error
        finally:
            loader.dispose()

    def read(self, shape: TypeAdapter[Model]) -> Model:
        """Return the file's value in a shape. Raises `ContentFault` with every fault."""
        try:
            return shape.validate_python(self.value)
        except ValidationError as error:
            raise ContentFault(
                [
                    self.fault(item["loc"], f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}")
                    for item in error.errors()
                ]
            ) from error

    def fault(self, place: Sequence[str | int], message: str) -> Fault:
        """Return a fault at a place within the file: the keys and indices that lead to it."""
        return Fault(self.shown, self._line(place), message)

    def twice(self, place: Sequence[str | int], identifiers: Sequence[str]) -> list[Fault]:
        """Return a fault for each identifier that stands twice."""
        double = sorted({one for one in identifiers if identifiers.count(one) > 1})
        return [self.fault(place, f"the identifier {one!r} stands twice") for one in double]

    def _line(self, place: Sequence[str | int]) -> int:
        node = self._node
        line = node.start_mark.line + 1 if node is not None else 1
        for part in place:
            if isinstance(node, yaml.MappingNode):
                wanted = str(part).replace("_", "-")
                pair = next((pair for pair in node.value if str(pair[0].value).replace("_", "-") == wanted), None)
                if pair is None:
                    break
                line, node = pair[0].start_mark.line + 1, pair[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = node.start_mark.line + 1
            else:
                break
        return line
