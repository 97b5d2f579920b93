"""libclv from Python: no compiler, no other package needed. See Clv, Engine and Result."""
from . import declarations
from .engine import Clv, Engine, Job, Model, Plugins, Scorer
from .library import Error
from .result import Column, Result

__all__ = ["Clv", "Column", "Engine", "Error", "Job", "Model", "Plugins", "Result", "Scorer", "declarations"]
