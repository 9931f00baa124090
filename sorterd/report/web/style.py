"""The style of the page: light or dark like the reader's system, for phones and large screens."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --ink: #1d2327; --soft: #5b6670; --page: #fbfaf8; --card: #fff; --line: #dcdfe3;
  --good: 31 122 92; --mild: 120 150 200; --warm: 196 120 20; --bad: 190 50 50; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ea; --soft: #9aa5ae; --page: #15181b; --card: #1d2226;
  --line: #343b41; --good: 84 190 150; --mild: 110 140 200; --warm: 226 160 70; --bad: 235 110 105; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 62rem; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: .5rem 0 0; }
h2 { font-size: 1.15rem; margin: 0 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .25rem 0 .75rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 1rem 0; }
.soft, .n-soft, th { color: var(--soft); }
.good { color: rgb(var(--good)); } .warm { color: rgb(var(--warm)); } .bad { color: rgb(var(--bad)); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top;
  min-width: 3rem; }
th { font-weight: 600; font-size: .85rem; }
td:first-child { min-width: 8rem; }
.n { text-align: right; white-space: nowrap; }
.why { min-width: 12rem; } .what { min-width: 13rem; } .guess { min-width: 8rem; } .undo { min-width: 11rem; }
code { font: .85rem ui-monospace, monospace; user-select: all; }
ul { margin: .25rem 0; padding-left: 1.25rem; }
.facts { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: .75rem 0 1.25rem; padding: 0; list-style: none; }
.facts b { display: block; font-size: 1.35rem; font-weight: 600; line-height: 1.2; }
.bar { display: flex; height: .6rem; min-width: 8rem; margin-top: .45rem; border-radius: .3rem; overflow: hidden; }
.bar span { background: rgb(var(--colour)); }
.key::before { content: ""; display: inline-block; width: .7rem; height: .7rem; margin: 0 .35rem 0 0;
  border-radius: .2rem; background: rgb(var(--colour)); }
.key { margin-right: 1rem; white-space: nowrap; }
svg { display: block; width: 100%; max-width: 40rem; height: auto; font: 9px system-ui, sans-serif; }
svg text { fill: var(--soft); } svg line { stroke: var(--line); } svg .dash { stroke-dasharray: 3 3; }
svg .kept { fill: rgb(var(--good)); } svg .corrected { fill: rgb(var(--warm)); } svg .undone { fill: rgb(var(--bad)); }
svg.square { max-width: 17rem; }
.pair { display: flex; flex-wrap: wrap; gap: 1rem 2rem; } .pair > * { flex: 1 1 17rem; min-width: 0; }
.matrix { width: auto; }
.matrix td, .matrix th { min-width: 2.2rem; padding: .25rem .4rem; border: 1px solid var(--line); }
.matrix td { text-align: center; background: rgb(var(--colour) / calc(.75 * var(--share))); }
.matrix thead th { vertical-align: bottom; }
.matrix thead span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 9rem; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; }
.matrix tbody th { max-width: 11rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
"""
