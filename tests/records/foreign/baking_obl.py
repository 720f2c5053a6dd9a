"""Take records out of pictures with openbadgeslib, and bake them into pictures with it.

Argument: a folder. What lies in it as ours.png and ours.svg is read into theirs.json; what lies there as
plain.png, plain.svg and record.json is baked into theirs.png and theirs.svg.
"""

import json
import sys
from pathlib import Path

from openbadgeslib import baking

folder = Path(sys.argv[1])
png = {"keyword": baking.ITXT_KEYWORD_OB3}
svg = {"element": baking.SVG_ELEMENT_OB3}
found = {
    "png": baking.extract_png((folder / "ours.png").read_bytes(), **png),
    "svg": baking.extract_svg((folder / "ours.svg").read_bytes(), text_fallback=True, **svg),
}
(folder / "theirs.json").write_text(json.dumps(found))
text = (folder / "record.json").read_text()
(folder / "theirs.png").write_bytes(baking.bake_png((folder / "plain.png").read_bytes(), text, **png))
(folder / "theirs.svg").write_bytes(
    baking.bake_svg(
        (folder / "plain.svg").read_bytes(), text, namespace=baking.SVG_NS_OB3, as_text=True, **svg
    )
)
