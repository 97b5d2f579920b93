"""libclv from Python: no compiler, no other package needed. See Clv, Engine and Result."""
from . import declarations
from .clv import Clv
from .declarations import *  # noqa: F403 - the constants: CLV_DECIDE_NO_HOLDOUT and others
from .engine import Engine
from .job import Job
from .library import Error
from .model import History, Model, Scorer
from .plugins import Plugins
from .result import Column, Result

__all__ = [
    "Clv", "Column", "Engine", "Error", "History", "Job", "Model", "Plugins", "Result", "Scorer",
    "declarations", *declarations.__all__,
]  # fmt: skip
