"""DynamoDB through PynamoDB's own connection, on the session that every client of the process shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.connection import Connection
from pynamodb.connection.base import MetaTable

from sheaf.aws import shared_session

if TYPE_CHECKING:
    import botocore.session

    from sheaf.settings import Settings

STATUS_INDEX = "status"
DUE_INDEX = "due"


class SharedConnection(Connection):
    """PynamoDB's connection takes a session of its own for each thread; this one takes the shared one."""

    @property
    def session(self) -> botocore.session.Session:
        return shared_session()


def connect(settings: Settings) -> SharedConnection:
    connection = SharedConnection(region=settings.region)
    connection.add_meta_table(
        _meta(settings.records_table, (STATUS_INDEX, "status_pk", "sk"), (DUE_INDEX, "due_pk", "due_on"))
    )
    connection.add_meta_table(_meta(settings.directory_table))
    return connection


def _meta(table_name: str, *indexes: tuple[str, str, str]) -> MetaTable:
    """The key schema PynamoDB needs to build requests; the table itself is declared in the template."""
    names = {"pk", "sk", *(name for _, hash_key, range_key in indexes for name in (hash_key, range_key))}
    return MetaTable(
        {
            "TableName": table_name,
            "KeySchema": _keys("pk", "sk"),
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in sorted(names)],
            "GlobalSecondaryIndexes": [
                {"IndexName": index, "KeySchema": _keys(hash_key, range_key)}
                for index, hash_key, range_key in indexes
            ],
            "LocalSecondaryIndexes": [],
        }
    )


def _keys(hash_key: str, range_key: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": hash_key, "KeyType": "HASH"},
        {"AttributeName": range_key, "KeyType": "RANGE"},
    ]
