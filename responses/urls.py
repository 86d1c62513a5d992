"""The desk's addresses under /b/<brand>/, slice by slice in the order of the path."""

from importlib import import_module
from importlib.util import find_spec

app_name = "responses"
SLICES = ("monitoring", "incidents", "statements", "publishing", "core")
urlpatterns = [
    pattern
    for slice_name in SLICES
    if find_spec(f"responses.{slice_name}.urls")
    for pattern in import_module(f"responses.{slice_name}.urls").urlpatterns
]
