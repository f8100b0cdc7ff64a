"""The audit chain as the table's stream builds it, exported and verified."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sheaf.access.roles import Role
from sheaf.audit.chain import Anchor
from sheaf.audit.csv import to_csv
from sheaf.edge.provisioning import Provisioned
from sheaf_cli.audit import app
from tests.builders import events
from tests.builders.world import SETTINGS, World

GET = "GET /v1/audit-events"


@pytest.fixture
def ws(world: World) -> Provisioned:
    made = world.workspace()
    for window in ("3y", "1y", "7y"):
        world.tick(seconds=1)
        world.settings(made, window)
    return made


def told(world: World, ws: Provisioned) -> list[Any]:
    found = [item for item in world.items("AUDIT") if item["pk"]["S"].startswith(ws.workspace_id)]
    return sorted(found, key=lambda item: item["sk"]["S"])


def numbers(world: World, ws: Provisioned) -> list[int | None]:
    """Oldest first."""
    return [(entry["link"] or {}).get("number") for entry in reversed(world.audit(ws))]


def test_every_entry_gets_its_place(world: World, ws: Provisioned) -> None:
    assert numbers(world, ws) == [None] * 5
    world.chain(events.dynamodb_stream(*told(world, ws)))
    assert numbers(world, ws) == [1, 2, 3, 4, 5]


def test_what_is_told_twice_keeps_its_place(world: World, ws: Provisioned) -> None:
    for _ in range(3):
        world.chain(events.dynamodb_stream(*told(world, ws), *told(world, ws)))
    assert numbers(world, ws) == [1, 2, 3, 4, 5]


def test_what_was_never_told_has_its_place_with_the_next(world: World, ws: Provisioned) -> None:
    world.chain(events.dynamodb_stream(told(world, ws)[0]))
    world.tick(seconds=1)
    world.settings(ws, "permanent")
    world.chain(events.dynamodb_stream(told(world, ws)[-1]))
    assert numbers(world, ws) == [1, 2, 3, 4, 5, 6]


def test_a_refusal_that_was_never_told_has_its_place_with_the_next(world: World, ws: Provisioned) -> None:
    world.chain(events.dynamodb_stream(*told(world, ws)))
    reader = world.key(ws.workspace_id, Role.READ_ONLY)
    world.tick(seconds=1)
    assert world.call(reader, "PATCH /v1/settings", body={"retention": "1y"}).status == 403
    world.tick(seconds=1)
    world.settings(ws, "permanent")
    latest = [item for item in told(world, ws) if item["a"]["S"] == "settings.changed"][-1]
    world.chain(events.dynamodb_stream(latest))
    assert None not in numbers(world, ws)


def test_a_long_log_is_chained_in_several_steps(world: World) -> None:
    ws = world.workspace()
    for number in range(100):
        world.tick(seconds=1)
        world.settings(ws, "3y" if number % 2 else "1y")
    world.chain(events.dynamodb_stream(told(world, ws)[-1]))
    page = world.audit(ws, limit="200")
    assert sorted(entry["link"]["number"] for entry in page) == list(range(1, 103))


def test_each_workspace_has_its_own_chain(world: World, ws: Provisioned) -> None:
    other = world.workspace("Other")
    world.chain(events.dynamodb_stream(*told(world, ws), *told(world, other)))
    assert numbers(world, ws) == [1, 2, 3, 4, 5]
    assert numbers(world, other) == [1, 2]


def test_what_is_no_new_entry_is_passed_over(world: World, ws: Provisioned) -> None:
    world.chain(events.dynamodb_stream(*world.items("WORKSPACE"), *world.items("KEY")))
    world.chain(events.dynamodb_changes(*((item, item) for item in told(world, ws))))
    assert numbers(world, ws) == [None] * 5


def test_a_chain_that_went_on_meanwhile_is_gone_on_with(
    world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = events.dynamodb_stream(*told(world, ws))
    world.meanwhile(monkeypatch, lambda: world.chain(event))
    world.chain(event)
    assert numbers(world, ws) == [1, 2, 3, 4, 5]


class TestAnchors:
    def test_the_end_of_a_day_is_kept(self, world: World, ws: Provisioned) -> None:
        world.chain(events.dynamodb_stream(*told(world, ws)))
        world.tick(days=1)
        assert world.anchor() == {"day": "2026-11-20", "workspaces": 1}
        [entry, *_] = world.audit(ws)
        anchor = anchored(world, "2026-11-20", ws)
        assert (anchor.number, anchor.hash) == (5, entry["link"]["hash"])

    def test_a_day_on_which_nothing_happened_has_none(self, world: World, ws: Provisioned) -> None:
        world.chain(events.dynamodb_stream(*told(world, ws)))
        world.tick(days=2)
        assert world.anchor()["workspaces"] == 0


class TestVerify:
    def test_an_export_holds(self, world: World, ws: Provisioned, tmp_path: Path) -> None:
        world.chain(events.dynamodb_stream(*told(world, ws)))
        exports = {
            "log.csv": world.call(ws.api_key, f"{GET}.csv").text,
            "log.json": world.call(ws.api_key, GET).text,
            "log.jsonl": "\n".join(json.dumps(entry) for entry in world.audit(ws)),
        }
        for name, text in exports.items():
            (tmp_path / name).write_text(text)
            result = CliRunner().invoke(app, ["verify", str(tmp_path / name)])
            assert result.exit_code == 0, result.output
            assert "5 entries, places 1 to 5" in result.output

    def test_a_changed_export_does_not(self, world: World, ws: Provisioned, tmp_path: Path) -> None:
        world.chain(events.dynamodb_stream(*told(world, ws)))
        page = world.call(ws.api_key, GET).json
        page["items"][1]["after"] = {"retention": "permanent"}
        (tmp_path / "log.json").write_text(json.dumps(page))
        result = CliRunner().invoke(app, ["verify", str(tmp_path / "log.json")])
        assert result.exit_code == 1
        assert page["items"][1]["id"] in result.output

    def test_a_cut_end_shows_against_the_anchor(self, world: World, ws: Provisioned, tmp_path: Path) -> None:
        world.chain(events.dynamodb_stream(*told(world, ws)))
        world.tick(days=1)
        world.anchor()
        anchor, log = tmp_path / "anchor.json", tmp_path / "log.json"
        anchor.write_text(anchored(world, "2026-11-20", ws).model_dump_json())
        page = world.call(ws.api_key, GET).json
        log.write_text(json.dumps(page))
        assert CliRunner().invoke(app, ["verify", str(log), "--anchor", str(anchor)]).exit_code == 0
        page["items"] = page["items"][1:]
        log.write_text(json.dumps(page))
        result = CliRunner().invoke(app, ["verify", str(log), "--anchor", str(anchor)])
        assert result.exit_code == 1
        assert "is missing" in result.output

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('"subject": ', '"subject": "doc_forged", "subject": '),
            ('"number": 4', '"number": 4, "number": 4'),
            ('"subject": ', '"note": "approved", "subject": '),
            ('"number": 4', '"number": "4"'),
            ('"number": 4', '"number": 4.0'),
            ('Z", "action"', '+00:00", "action"'),
            ('"items": ', '"items": [], "items": '),
            ('"next_cursor": ', '"note": "approved", "next_cursor": '),
        ],
    )
    def test_another_spelling_does_not(
        self, world: World, ws: Provisioned, tmp_path: Path, old: str, new: str
    ) -> None:
        """A reader that takes another of two keys, or shows a field of its own, would show what is not so."""
        world.chain(events.dynamodb_stream(*told(world, ws)))
        page = world.call(ws.api_key, GET).json
        text = json.dumps(page)
        assert old in text
        (tmp_path / "log.json").write_text(text.replace(old, new))
        result = CliRunner().invoke(app, ["verify", str(tmp_path / "log.json")])
        assert result.exit_code == 1
        assert page["items"][1]["id"] in result.output

    def test_an_entry_put_in_without_a_place_does_not(
        self, world: World, ws: Provisioned, tmp_path: Path
    ) -> None:
        world.chain(events.dynamodb_stream(*told(world, ws)))
        log = world.audit(ws)
        forged = {**log[2], "id": log[2]["id"][:-4] + "0000", "link": None}
        (tmp_path / "log.json").write_text(json.dumps([*log, forged]))
        result = CliRunner().invoke(app, ["verify", str(tmp_path / "log.json")])
        assert result.exit_code == 1
        assert forged["id"] in result.output

    @pytest.mark.parametrize("name", ["log.csv", "log.json"])
    def test_overlapping_pages_hold(self, world: World, ws: Provisioned, tmp_path: Path, name: str) -> None:
        world.chain(events.dynamodb_stream(*told(world, ws)))
        route = f"{GET}.csv" if name == "log.csv" else GET
        (tmp_path / name).write_text(world.call(ws.api_key, route).text)
        result = CliRunner().invoke(app, ["verify", *[str(tmp_path / name)] * 2])
        assert result.exit_code == 0
        assert "5 entries" in result.output

    def test_the_newest_without_a_place_are_named_as_such(
        self, world: World, ws: Provisioned, tmp_path: Path
    ) -> None:
        world.chain(events.dynamodb_stream(*told(world, ws)))
        world.tick(seconds=1)
        world.settings(ws, "permanent")
        (tmp_path / "log.json").write_text(world.call(ws.api_key, GET).text)
        result = CliRunner().invoke(app, ["verify", str(tmp_path / "log.json")])
        assert result.exit_code == 0
        assert "1 newest without a place yet: they can still be changed unseen" in result.output

    def test_a_log_without_places_is_not_said_to_hold(
        self, world: World, ws: Provisioned, tmp_path: Path
    ) -> None:
        (tmp_path / "log.json").write_text(world.call(ws.api_key, GET).text)
        result = CliRunner().invoke(app, ["verify", str(tmp_path / "log.json")])
        assert result.exit_code == 2
        assert "Nothing to verify" in result.output

    @pytest.mark.parametrize("text", ['{"items": [], "next_cursor": null}', "[]", to_csv([])])
    def test_without_entries_there_is_nothing_to_verify(self, text: str, tmp_path: Path) -> None:
        (tmp_path / "x").write_text(text)
        result = CliRunner().invoke(app, ["verify", str(tmp_path / "x")])
        assert result.exit_code == 2
        assert "Nothing to verify" in result.output

    def test_what_utf_8_cannot_say_is_told_so(self, world: World, ws: Provisioned, tmp_path: Path) -> None:
        world.chain(events.dynamodb_stream(*told(world, ws)))
        log = world.audit(ws)
        log[1]["subject"] = "\ud800"
        (tmp_path / "x").write_text(json.dumps(log))
        result = CliRunner().invoke(app, ["verify", str(tmp_path / "x")])
        assert result.exit_code == 2
        assert "surrogates" in result.output

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "no log",
            "{",
            '{"items": [{"id": 1}]}',
            "[1, 2]",
            "[] 5",
            '{"items": null}',
            pytest.param("[" * 100_000, id="deep"),
        ],
    )
    def test_what_is_no_export_is_told_so(self, text: str, tmp_path: Path) -> None:
        (tmp_path / "x").write_text(text)
        result = CliRunner().invoke(app, ["verify", str(tmp_path / "x")])
        assert result.exit_code == 2
        assert str(tmp_path / "x") in result.output.replace("\n", "")


def anchored(world: World, day: str, ws: Provisioned) -> Anchor:
    key = f"{day}/{ws.workspace_id}.json"
    body = world.s3.get_object(Bucket=SETTINGS.anchors_bucket, Key=key)["Body"].read()
    return Anchor.model_validate_json(body)
