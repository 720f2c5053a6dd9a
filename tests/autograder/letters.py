"""Letters and outputs of hostile learners: each would act on a page that took it for more than text.

Each sets `window.owned`, hides the page or moves its addresses; none does more.
"""

from __future__ import annotations

from typing import Any

LETTERS = {
    "script": "Dear reader,\n\n<script>window.owned = 1</script>\n\nyours",
    "onerror": '<img src="x" onerror="window.owned = 1">',
    "anchor": '<a href="javascript:window.owned=1" id="go">my sources</a>',
    "link": "[my sources](javascript:window.owned=1) and [more](java&#115;cript:window.owned=1)",
    "frame": '<iframe srcdoc="<script>parent.owned = 1</script>"></iframe>',
    "svg": '<svg onload="window.owned = 1"><animate onbegin="window.owned = 1" attributeName="x"></svg>',
    "style": "<style>body { visibility: hidden }</style>\n<base href='http://192.0.2.1/'>\n"
    "<form action='http://192.0.2.1/'><button>Save</button></form>",
    "meta": '<meta http-equiv="refresh" content="0; url=data:text/html,<script>window.owned=1</script>">',
    "details": '<details open ontoggle="window.owned = 1"><summary>x</summary></details>',
    "image": '![seen](http://192.0.2.1/seen.png) <http://192.0.2.1/> [x](http://192.0.2.1/ "t")',
    "template": "{{ cycler.__init__ }} {% raw %} ]]> --> </textarea></title><script>window.owned=1</script>",
    "math": "$\\href{javascript:window.owned=1}{x}$ $$</p><script>owned=1</script>$$ \u202e\x1b[2J\x00",
}

_OUTPUTS: dict[str, dict[str, Any]] = {
    "page": {"text/html": "<script>window.owned = 1</script><img src=x onerror='window.owned = 1'>"},
    "javascript": {"application/javascript": "window.owned = 1"},
    "markdown": {"text/markdown": "<img src=x onerror='window.owned = 1'>"},
    "drawing": {"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='window.owned = 1'></svg>"},
    "latex": {"text/latex": "</div><script>window.owned = 1</script>"},
}
# By the learner whose cell puts it out.
OUTPUTS = {
    name: {"output_type": "display_data", "data": {**data, "text/plain": "x"}, "metadata": {}}
    for name, data in zip(LETTERS, _OUTPUTS.values(), strict=False)
}
