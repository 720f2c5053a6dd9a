"""The player's Python side: progress comes in, a transcript goes out, and the page needs no kernel."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from coursefacts.errors import InputFault

from scenarios.engine.widget import CaseWidget, transcripts_folder
from tests.front_page import SAMPLE_CASE

DONE = {
    "choices": [1, 2, 4, 1],
    "started": "2026-11-22T10:00:00Z",
    "finished": "2026-11-22T10:05:00Z",
    "mended": [],
}


def test_finished_play_is_written_for_the_hand_in(tmp_path: Path) -> None:
    play = CaseWidget(SAMPLE_CASE, folder=tmp_path / "transcripts")
    play.progress = DONE | {"finished": None}
    assert play.choices == [1, 2, 4, 1]
    assert not (tmp_path / "transcripts").exists()
    play.progress = DONE
    written = json.loads((tmp_path / "transcripts/front-sample.json").read_text(encoding="utf-8"))
    assert written == play.transcript()
    assert written["case_digest"] == play.case.digest
    assert [file.name for file in (tmp_path / "transcripts").iterdir()] == ["front-sample.json"]


def test_going_back_is_in_the_transcript(tmp_path: Path) -> None:
    play = CaseWidget(SAMPLE_CASE, folder=tmp_path)
    assert "revised" not in play.transcript()
    play.progress = DONE | {"note": "One sentence more.", "mended": [2]}
    kept = json.loads((tmp_path / "front-sample.json").read_text())
    assert (kept["note"], kept["mended"], kept["schema"]) == ("One sentence more.", [2], "transcript/2")
    play.progress = DONE | {"revised": [{"at": 1, "choices": [5]}]}
    assert json.loads((tmp_path / "front-sample.json").read_text())["revised"] == [{"at": 1, "choices": [5]}]


def test_pictures_of_a_case_come_along(tmp_path: Path) -> None:
    text = SAMPLE_CASE.read_text(encoding="utf-8").replace("Nothing moves.", "![A parcel](box.svg)")
    (tmp_path / "case.md").write_text(text, encoding="utf-8")
    (tmp_path / "box.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    assert 'alt="A parcel"' in CaseWidget(tmp_path).page
    assert 'src="data:image/svg+xml;base64,' in CaseWidget(tmp_path / "case.md").page


def test_static_page_gets_the_game_book() -> None:
    play, again = CaseWidget(SAMPLE_CASE), CaseWidget(SAMPLE_CASE)
    data, _ = play._repr_mimebundle_()
    assert data["text/html"] == play.page
    assert "application/vnd.jupyter.widget-view+json" in data
    assert 'class="case-root' in play.page
    assert "{front-sample}" not in play.page
    assert play.page != again.page, "two outputs on a page need ids of their own"


def test_transcripts_belong_to_the_workspace(tmp_path: Path) -> None:
    labs = tmp_path / "workspace/labs"
    assert transcripts_folder(labs) == tmp_path / "workspace/transcripts"
    assert transcripts_folder(tmp_path) == tmp_path / "transcripts"


def test_unknown_case_is_one_clear_line() -> None:
    with pytest.raises(InputFault, match="no case 'visitor-and-ship'"):
        CaseWidget("visitor-and-ship")
