#pragma once
// How the report looks: light, dark, narrow and on paper.

#include <string_view>

namespace nightly {

inline constexpr std::string_view report_style = R"css(:root { color-scheme: light dark;
  --ground: #f4f6f4; --card: #fff; --edge: #dfe4e0; --ink: #17201c; --soft: #56615b;
  --accent: #1d6b4f; --track: #e6ece8; --warn-ink: #7d3c00; --warn: #fff3e2; --warn-edge: #efd2a8; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #101513; --card: #19201d; --edge: #2c3632; --ink: #e9eeeb; --soft: #a3afa9;
    --accent: #57c199; --track: #26302b; --warn-ink: #ffcf91; --warn: #2b2114;
    --warn-edge: #5d4724; }
}
* { box-sizing: border-box; }
body { margin: 0; border-top: 4px solid var(--accent); background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
main, .top { max-width: 1180px; margin: 0 auto; padding: 0 24px; }
.top { padding-top: 32px; }
.top p { margin: 0; color: var(--soft); }
h1 { font-size: 28px; line-height: 1.2; letter-spacing: -0.01em; margin: 2px 0 6px;
  overflow-wrap: anywhere; }
h2 { font-size: 16px; line-height: 1.3; margin: 0; }
h3 { font-size: 13px; margin: 18px 0 8px; color: var(--soft); }
.badge { display: inline-block; margin-left: 8px; padding: 1px 10px; border-radius: 99px;
  font-size: 13px; font-weight: 600; color: var(--warn-ink); background: var(--warn);
  border: 1px solid var(--warn-edge); }
.tiles { display: grid; grid-template-columns: repeat(6, 1fr); gap: 12px; margin: 24px 0 16px; }
.tile, .card { background: var(--card); border: 1px solid var(--edge); border-radius: 12px; }
.tile { padding: 14px 16px; }
.tile b { display: block; font-size: 26px; line-height: 1.25; letter-spacing: -0.02em;
  font-variant-numeric: tabular-nums; }
.tile span { display: block; font-size: 13px; color: var(--soft); }
.tile .t { color: var(--ink); font-weight: 600; }
.notes { margin: 0 0 16px; padding: 10px 16px 10px 34px; border-radius: 12px;
  color: var(--warn-ink); background: var(--warn); border: 1px solid var(--warn-edge); }
.band { display: grid; grid-template-columns: 1fr 1fr; column-gap: 16px; align-items: start; }
.band > div { min-width: 0; }
.card { break-inside: avoid; padding: 18px 20px; margin: 0 0 16px; }
.card > p { margin: 2px 0 12px; font-size: 13px; color: var(--soft); }
.card > p.empty { margin: 14px 0 4px; font-size: 15px; }
svg { display: block; overflow: visible; font-size: 13px; }
svg text { fill: var(--ink); }
svg .v { text-anchor: end; fill: var(--soft); font-variant-numeric: tabular-nums; }
svg .m { text-anchor: middle; font-size: 11px; }
.bar { fill: var(--accent); }
.track { fill: var(--track); }
.base { stroke: var(--soft); stroke-width: 1; }
details { margin-top: 8px; font-size: 14px; }
summary { cursor: pointer; color: var(--soft); font-size: 13px; width: fit-content; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
.table { overflow-x: auto; }
.table + .table { margin-top: 18px; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
th { text-align: left; font-size: 12px; font-weight: 600; color: var(--soft);
  vertical-align: bottom; }
th::first-letter { text-transform: uppercase; }
th, td { padding: 6px 12px 6px 0; vertical-align: top; overflow-wrap: break-word; }
tbody td { border-top: 1px solid var(--edge); }
th.n, td.n { text-align: right; padding: 6px 0 6px 12px; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
td small { display: block; font-size: 12px; color: var(--soft); }
.more { margin: 8px 0 0; font-size: 13px; color: var(--soft); }
footer { margin: 8px 0 40px; font-size: 12px; color: var(--soft); overflow-wrap: anywhere; }
footer p { margin: 0 0 4px; }
code { font: 12px/1.5 ui-monospace, "Liberation Mono", monospace; }
@media (max-width: 960px) { .tiles { grid-template-columns: repeat(3, 1fr); } }
@media (max-width: 700px) {
  body { font-size: 16px; }
  main, .top { padding: 0 14px; }
  .top { padding-top: 20px; }
  h1 { font-size: 24px; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 8px; margin-top: 16px; }
  .tile { padding: 10px 12px; }
  .tile b { font-size: 22px; }
  .band { grid-template-columns: 1fr; }
  .card { padding: 14px; margin-bottom: 10px; }
}
@media print {
  :root { color-scheme: light; --ground: #fff; --card: #fff; --edge: #bbb; --ink: #000;
    --soft: #444; --accent: #1d6b4f; --track: #e6e6e6; --warn-ink: #000; --warn: #fff;
    --warn-edge: #888; }
  @page { size: A4; margin: 12mm; }
  body { font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main, .top { padding: 0; max-width: none; }
  .tiles { grid-template-columns: repeat(6, 1fr); gap: 6px; }
  .tile { padding: 8px; }
  .tile b { font-size: 14pt; }
  .card { padding: 10px 12px; margin-bottom: 10px; border-radius: 6px; }
  .band ~ .band { display: block; }
  .table { overflow: visible; }
  h2, h3 { break-after: avoid; }
  tr, svg { break-inside: avoid; }
  table { font-size: 9pt; }
  th, td { padding-top: 3px; padding-bottom: 3px; }
  details { display: none; }
}
)css";

}  // namespace nightly
