from tests.builders.world import world

__all__ = ["world"]
