"""Every table belongs to one slice, and the import contracts know it."""

import tomllib

import pytest
from sqlmodel import SQLModel

import db.models
from tests.contracts.source import ROOT

MODELS = [
    model
    for model in SQLModel.__subclasses__()
    if model.__module__.startswith(db.models.__name__) and hasattr(model, "__table__")
]
SLICES = {"system": "core"}


def test_there_are_tables() -> None:
    assert len(MODELS) >= 20
    assert {model.__tablename__ for model in MODELS} == set(SQLModel.metadata.tables)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_table_has_an_owner(model: type[SQLModel]) -> None:
    noun = model.__module__.rpartition(".")[2]
    owner = SLICES.get(noun, noun)
    assert (ROOT / "px" / owner).is_dir(), f"px/{owner} should own {model.__tablename__}"
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    importers = {
        module: contract["allowed_importers"]
        for contract in contracts
        if contract["type"] == "protected"
        for module in contract["protected_modules"]
    }
    assert f"px.{owner}" in importers[model.__module__]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_table_says_what_a_row_is(model: type[SQLModel]) -> None:
    assert (model.__doc__ or "").strip().endswith(".")
