"""The wheel and the editable installation carry the compiled catalogues; the repository has their sources alone."""

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledCatalogues(BuildHookInterface):
    """Runs before hatchling collects the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  (the hook's contract)
        """Compiles what is missing or older than its source, in the tree that is built."""
        sys.path.insert(0, self.root)
        from admin.translations.catalogues import compile_stale  # noqa: PLC0415  (of this tree, not an installed one)

        compile_stale()
