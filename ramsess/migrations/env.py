"""Alembic's environment: the administrator's connection, acting as the owner of the tables."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, text

database = current_app.extensions["migrate"].db


def run_migrations() -> None:
    engine = create_engine(current_app.config["DATABASE_ADDRESS"])
    with engine.connect() as connection:
        connection.execute(text("SET ROLE ramsess_owner"))
        connection.commit()
        context.configure(connection=connection, target_metadata=database.metadata)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run_migrations()
