"""How the page looks, in light and dark, on a phone and on paper, and the few lines of script that hide entries.

Decides looks alone. Colours are never all that tells two things apart: marks differ in form, and words stand beside them.
"""

from __future__ import annotations

__all__ = ["SCRIPT", "STYLE"]

STYLE = """
:root{color-scheme:light dark;--paper:#fff;--panel:#f5f6f8;--ink:#1b1f24;--soft:#59626d;--faint:#69737e;--rule:#d9dde2;
--ok:#19734a;--ok-fill:#3d9c6d;--bad:#b3261e;--bad-fill:#d2443b;--warn:#8a5a00;--warn-fill:#d8962a;--ask:#2156b5;--ask-fill:#4a7fdc;
--act:#5b4696;--act-fill:#8069c4;--band:#eef0f3;--ok-wash:#e6f4ec;--bad-wash:#fcebea}
@media (prefers-color-scheme:dark){:root{--paper:#14171b;--panel:#1d2126;--ink:#e7eaee;--soft:#a9b2bd;--faint:#7d8793;--rule:#343a42;
--ok:#6fd3a0;--ok-fill:#3f9e70;--bad:#ff8a80;--bad-fill:#d9574e;--warn:#f0bd62;--warn-fill:#c98a26;--ask:#8fb6ff;--ask-fill:#5b8def;
--act:#bda9ff;--act-fill:#8b74d6;--band:#22272d;--ok-wash:#15291f;--bad-wash:#331a18}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main,body>header,body>footer{max-width:1160px;margin:0 auto;padding:0 20px}
a{color:var(--ask)}
h1,h2,h3{line-height:1.25;margin:0;overflow-wrap:anywhere}
h1{font-size:24px}h2{font-size:22px}h3{font-size:16px;margin:32px 0 10px}
code,pre,.code{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{margin:0;padding:10px 12px;background:var(--panel);border:1px solid var(--rule);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}
body>header{padding-top:28px}
body>footer{padding-top:24px;padding-bottom:40px;color:var(--soft);font-size:13px}
.run{margin:24px 0 56px}
.run+.run{border-top:1px solid var(--rule);padding-top:32px}
.verdict{border-left:6px solid var(--ok-fill);background:var(--ok-wash);padding:14px 18px;border-radius:0 8px 8px 0}
.failed .verdict{border-color:var(--bad-fill);background:var(--bad-wash)}
.word{font-weight:700;color:var(--ok);letter-spacing:.02em}
.failed .word{color:var(--bad)}
.reason{margin:6px 0 0;font-size:16px;overflow-wrap:anywhere}
.facts{display:flex;flex-wrap:wrap;gap:4px 28px;margin:16px 0}
.facts div{min-width:0}
.facts dt{font-size:12px;color:var(--soft)}
.facts dd{margin:0;overflow-wrap:anywhere}
.note{color:var(--soft);font-size:13px;margin:6px 0 12px}
.index{list-style:none;padding:0;margin:14px 0}
.index li{padding:6px 0;border-top:1px solid var(--rule);overflow-wrap:anywhere}
.index .ok,.ok-word{color:var(--ok);font-weight:600}.index .bad,.bad-word{color:var(--bad);font-weight:600}
.need{border:1px solid var(--rule);border-radius:8px;margin:8px 0;padding:10px 14px;overflow-wrap:anywhere}
.need.unmet{border-color:var(--bad-fill);border-left-width:5px}
.need p{margin:2px 0}
.need .seen{color:var(--soft)}
.need ul{margin:4px 0;padding-left:20px}
.need pre{margin-top:6px}
.place{color:var(--faint);font-size:12.5px}
.lines{list-style:none;padding:0;margin:0}
.lines li{padding:3px 0;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{text-align:left;font-size:12px;color:var(--soft);font-weight:600;padding:4px 10px 4px 0;border-bottom:1px solid var(--rule)}
td{vertical-align:top;padding:4px 10px 4px 0;border-bottom:1px solid var(--rule)}
td.what{overflow-wrap:anywhere;width:100%}
td.when,td.no{white-space:nowrap;font-variant-numeric:tabular-nums;color:var(--soft)}
td.no{text-align:right}
tr.bad td.what{color:var(--bad)}
tr.gone td{color:var(--soft);text-align:center;padding:10px}
tr:target td{background:var(--band)}
details summary{cursor:pointer;color:var(--ask)}
td details{margin:2px 0}
td pre{margin:4px 0 8px;max-height:340px;overflow:auto}
.tag{display:inline-block;border:1px solid currentColor;border-radius:4px;font-size:11px;line-height:15px;padding:0 5px;color:var(--soft)}
.tag.step,.tag.change{color:var(--act)}.tag.request{color:var(--ask)}.tag.fault{color:var(--warn)}
.sift{display:none;flex-wrap:wrap;gap:6px 14px;align-items:center;margin:0 0 10px;font-size:13px}
.js .sift{display:flex}
.sift input[type=search]{font:inherit;padding:3px 8px;border:1px solid var(--rule);border-radius:6px;background:var(--paper);color:inherit;min-width:220px}
.defs{position:absolute}
.picture{display:block;max-width:100%;height:auto;overflow:visible}
.picture text{font:10.5px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--ink)}
.picture .name{fill:var(--soft);font-size:10px;font-weight:600}
.picture .under{fill:var(--soft);font-size:9.5px}
.picture .clock{font-variant-numeric:tabular-nums}.picture .day{font-weight:600;font-size:10px}
.picture .wall{fill:var(--faint);font-size:9px;font-variant-numeric:tabular-nums}
.picture .gap{fill:var(--soft);font-size:9.5px;text-anchor:middle}.picture .gap.long{fill:var(--ink);font-weight:700}
.lane{fill:var(--panel)}.lane.even{fill:var(--band)}
rect.fold{fill:var(--paper)}.tooth{fill:none;stroke:var(--faint)}.tooth.long{stroke:var(--ink);stroke-width:1.6}
.tick{stroke:var(--rule)}
.tie{fill:none;stroke:var(--ask-fill);stroke-width:1.1;opacity:.75}
.link{fill:none;stroke:var(--warn);stroke-dasharray:3 2;stroke-width:1.1}
.mark .form{fill:var(--act-fill)}
.mark.request .form{fill:var(--ask-fill)}.mark.request.bad .form{fill:var(--bad-fill)}
.mark.expect.ok .form{fill:var(--ok-fill)}.mark.expect.bad .form{fill:var(--bad-fill)}
.mark .sign,.mark .cross{fill:none;stroke:#fff;stroke-width:1.8}
.mark .hollow{fill:var(--paper);stroke:var(--soft)}.mark.waiting .hollow{stroke-dasharray:2 2}
.mark .gone{stroke:var(--bad);stroke-width:2.2;fill:none}
.mark .struck{fill:var(--warn-fill);stroke:var(--paper);stroke-width:.5}
.bar{fill:var(--ok-fill)}.retry .bar{fill:url(#hatch);stroke:var(--warn)}.bad .bar{fill:var(--bad-fill)}
.open .bar,.plain .bar{fill:var(--paper);stroke:var(--soft);stroke-dasharray:3 2}
.hatch-ground{fill:var(--warn-fill)}.hatch-line{stroke:var(--paper);stroke-width:1.4}
.mark.bad .under,.mark.expect.bad .label{fill:var(--bad);font-weight:600}.mark.retry .under{fill:var(--warn);font-weight:600}
.picture text.name,.picture text.label,.picture text.under{paint-order:stroke;stroke:var(--panel);stroke-width:2.5px;stroke-linejoin:round}
.script .bar{fill:var(--act-fill);stroke:none}.script.bad .bar{fill:var(--bad-fill)}.script.ok .bar{fill:var(--ok-fill)}
.receiver.ok .bar{fill:var(--ask-fill)}.picture .alarm{fill:var(--bad);font-weight:700}
circle.struck{fill:var(--warn-fill)}
a:hover .label{text-decoration:underline}
.legend{display:flex;flex-wrap:wrap;gap:2px 16px;font-size:12px;color:var(--soft);list-style:none;padding:0;margin:10px 0}
.legend svg{vertical-align:-3px;margin-right:5px}
.at-720,.at-360{display:none}
@media (max-width:1120px){.at-1120{display:none}.at-720{display:block}}
@media (max-width:759px){.at-720{display:none}.at-360{display:block}}
@media (max-width:640px){main,body>header,body>footer{padding:0 12px}body>header{padding-top:16px}h1{font-size:20px}h2{font-size:19px}
table,tbody,tr,td{display:block}thead{display:none}td{border:0;padding:0}tr{border-bottom:1px solid var(--rule);padding:6px 0}
td.no,td.when,td.kind{display:inline-block;padding-right:8px}td.no{text-align:left}tr.gone td{padding:6px}}
@media print{:root{color-scheme:light;--paper:#fff;--panel:#fff;--ink:#000;--soft:#444;--faint:#666;--rule:#bbb;--ok:#0b5a35;--bad:#9c1a13;
--ask:#143f8c;--act:#43327a;--warn:#6b4600;--band:#eee;--ok-wash:#fff;--bad-wash:#fff}
body{font-size:11px}table{font-size:9.5px}td pre,pre,code,.code{font-size:9px}.at-1120,.at-360{display:none!important}.at-720{display:block!important}.sift{display:none!important}main,body>header,body>footer{max-width:none;padding:0}td pre{max-height:none}
.run+.run{break-before:page}.need,tr,svg{break-inside:avoid}*{print-color-adjust:exact}}
"""

SCRIPT = """
document.documentElement.classList.add('js');
document.querySelectorAll('.entries').forEach(function(part){
var box=part.querySelector('input[type=search]'),kinds=part.querySelectorAll('input[type=checkbox]'),rows=part.querySelectorAll('tbody tr');
function sift(){var word=box.value.toLowerCase(),off={};kinds.forEach(function(one){if(!one.checked)off[one.value]=true});
rows.forEach(function(row){row.hidden=Boolean(off[row.dataset.kind])||(word!==''&&row.textContent.toLowerCase().indexOf(word)<0)})}
box.addEventListener('input',sift);kinds.forEach(function(one){one.addEventListener('change',sift)})});
"""
