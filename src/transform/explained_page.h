// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// The style and the script of the page that explains a binding. The page's own policy names them by their hashes, so
// they stand in it byte by byte.
namespace tidemill::transform {

inline constexpr std::string_view kPageStyle = R"css(
:root{color-scheme:light dark;--fg:#1d2329;--bg:#fff;--line:#c9d0d6;--soft:#f1f4f6;--v:#d9efdc;--m:#fbe6b3;--c:#cfeaf2;
--l:#d8e4fb;--h:#eadcf7;--t:#e4f2c4;--n:#e9e9e9;--bad:#f6c6c2;--mark:#b3261e}
@media (prefers-color-scheme:dark){:root{--fg:#e6e9ec;--bg:#14181c;--line:#3b444d;--soft:#1f262c;--v:#1f4428;--m:#564312;
--c:#12434f;--l:#223c6b;--h:#43295c;--t:#3c4a14;--n:#33383d;--bad:#6b211c;--mark:#ffb4ab}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem 1rem 12rem;max-width:110rem;font:1rem/1.45 system-ui,sans-serif;color:var(--fg);
background:var(--bg)}
h1{font-size:1.4rem}h2{font-size:1.15rem;margin-top:2rem}
pre{white-space:pre-wrap;background:var(--soft);padding:.75rem;overflow-wrap:anywhere}
a{color:inherit}
.error{border-left:.4rem solid var(--mark);padding-left:.75rem}
table{border-collapse:collapse}th,td{border:1px solid var(--line);padding:.15rem .4rem;text-align:left;vertical-align:top}
.list td{overflow-wrap:anywhere}
.scroll{overflow:auto;max-height:80vh;border:1px solid var(--line)}
.grid{font-size:.8rem}
.grid th{position:sticky;background:var(--soft);font-weight:600;z-index:1}
.grid thead th{top:0}.grid tbody th{left:0}
.grid td{max-width:14rem;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;unicode-bidi:plaintext}
.grid td[class]::before,.key::before{font-family:ui-monospace,monospace;font-size:.85em;opacity:.75;margin-right:.35em}
.grid td:focus{outline:3px solid var(--mark);outline-offset:-3px}
.grid td[aria-label]:hover::after,.grid td[aria-label]:focus::after{content:attr(aria-label);white-space:pre-line;
position:fixed;left:0;right:0;bottom:0;max-height:11rem;overflow:auto;padding:.6rem 1rem;background:var(--bg);
color:var(--fg);border-top:3px solid var(--mark);font:.95rem/1.35 system-ui,sans-serif;z-index:9}
.grid td[aria-label]:focus::after{z-index:8}
.found{box-shadow:inset 0 0 0 2px var(--mark);font-weight:700}
.maybe{outline:2px dashed var(--mark);outline-offset:-2px}
.fold td{font-style:italic;background:var(--soft)}
.key{display:inline-block;padding:.1rem .5rem;margin:.15rem .3rem .15rem 0;border:1px solid var(--line)}
.v{background:var(--v)}.m{background:var(--m)}.c,.g{background:var(--c)}.l,.d{background:var(--l)}.h{background:var(--h)}
.t,.r{background:var(--t)}.f,.n,.x,.s,.i{background:var(--n)}.u{background:var(--bad)}
.v::before{content:"v"}.m::before{content:"m"}.c::before{content:"c"}.g::before{content:"g"}.l::before{content:"l"}
.d::before{content:"d"}.h::before{content:"h"}.t::before{content:"t"}.r::before{content:"r"}.f::before{content:"f"}
.n::before{content:"n"}.x::before{content:"x"}.s::before{content:"s"}.i::before{content:"i"}.u::before{content:"?"}
)css";

// Arrow keys, Home and End move from cell to cell; one cell of a grid is in the order of the Tab key.
inline constexpr std::string_view kPageScript = R"js(
for (const grid of document.querySelectorAll("table.grid")) {
  grid.addEventListener("focusin", (event) => {
    for (const cell of grid.querySelectorAll("td[tabindex='0']")) cell.tabIndex = -1;
    event.target.tabIndex = 0;
  });
  grid.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td");
    if (!cell) return;
    const row = cell.parentElement;
    const cells = [...row.cells];
    const at = cells.indexOf(cell);
    let next = null;
    if (event.key === "ArrowRight") next = cells[at + 1];
    else if (event.key === "ArrowLeft") next = cells[at - 1];
    else if (event.key === "Home") next = cells[1];
    else if (event.key === "End") next = cells[cells.length - 1];
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const down = event.key === "ArrowDown";
      let to = down ? row.nextElementSibling : row.previousElementSibling;
      while (to && to.classList.contains("fold")) to = down ? to.nextElementSibling : to.previousElementSibling;
      next = to && to.cells[at];
    } else return;
    event.preventDefault();
    if (next && next.tagName === "TD") next.focus();
  });
}
)js";

}  // namespace tidemill::transform
