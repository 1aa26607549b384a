"""How the pages look: phone first, light and dark by what the visitor's system says."""

STYLES = """
:root{
  --bg:#fafafa;--card:#fff;--line:#dcdce0;--text:#17171a;--soft:#62626b;--accent:#17171a;--on-accent:#fff;
  --focus:#2563eb;--red:#b42318;--red-bg:#fdeceb;--green:#157347;--amber:#8a5300;--amber-bg:#fdf3e1;
  --shadow:0 12px 32px rgb(0 0 0/.08);color-scheme:light dark;
  font:16px/1.5 "Inter Variable",Inter,ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
}
@media (prefers-color-scheme:dark){:root{
  --bg:#131316;--card:#18181c;--line:#3a3a42;--text:#f4f4f5;--soft:#a9a9b4;--accent:#fafafa;--on-accent:#131316;
  --focus:#7aa2ff;--red:#fda29b;--red-bg:#3a1714;--green:#6ee7a8;--amber:#fbbf6b;--amber-bg:#33240d;
  --shadow:0 12px 32px rgb(0 0 0/.4);
}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text)}
.ribbon{margin:0;padding:8px 16px;background:var(--amber-bg);color:var(--amber);font-size:13px;text-align:center}
main{max-width:460px;margin:0 auto;padding:24px 16px 48px}
.wide main{max-width:1180px}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:24px 20px;box-shadow:var(--shadow);
  margin-bottom:20px}
h1{font-size:22px;line-height:1.25;margin:0 0 4px;text-wrap:balance}
h2{font-size:17px;margin:0 0 12px}
p{margin:0 0 12px}
.soft,.small{color:var(--soft)}
.small{font-size:13px}
.amount{font-size:32px;font-weight:650;letter-spacing:-.02em;margin:8px 0 0;font-variant-numeric:tabular-nums}
.amount small{font-size:15px;font-weight:400;color:var(--soft);letter-spacing:0}
form{margin:0}
fieldset{border:0;margin:0;padding:0;min-width:0}
legend{padding:0;font-weight:550;font-size:14px;margin-bottom:6px}
.choices{display:grid;grid-auto-flow:column;grid-auto-columns:1fr;gap:8px;margin-bottom:18px}
.choices label{display:flex;align-items:center;gap:10px;border:1px solid var(--line);border-radius:10px;padding:12px;
  min-height:48px;cursor:pointer}
.choices label:has(:checked){border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.choices label:has(:focus-visible){outline:3px solid var(--focus);outline-offset:2px}
input[type=radio]{accent-color:var(--accent);width:18px;height:18px;margin:0}
.field{margin-bottom:14px;display:grid;gap:5px;align-content:start}
.field label{font-size:14px;font-weight:550}
.field input{width:100%;min-height:48px;padding:10px 12px;border:1px solid var(--line);border-radius:10px;font:inherit;
  background:var(--card);color:inherit}
.field input[aria-invalid]{border-color:var(--red)}
.error{color:var(--red);font-size:13px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:12px}
.alert{background:var(--red-bg);color:var(--red);border-radius:10px;padding:12px 14px;margin:0 0 16px;font-weight:550}
button,.button{display:flex;align-items:center;justify-content:center;width:100%;min-height:50px;padding:12px 18px;
  border:1px solid var(--accent);border-radius:10px;background:var(--accent);color:var(--on-accent);
  font:600 16px/1.2 inherit;font-family:inherit;text-decoration:none;cursor:pointer}
button.quiet,.button.quiet{background:none;color:inherit;border-color:var(--line)}
button:hover,.button:hover{opacity:.9}
:is(a,button,input,summary):focus-visible{outline:3px solid var(--focus);outline-offset:2px}
a{color:inherit}
.stack{display:grid;gap:10px}
.line{font:600 17px/1.6 ui-monospace,SFMono-Regular,Menlo,monospace;overflow-wrap:anywhere;border:1px dashed var(--line);
  border-radius:10px;padding:14px;margin:4px 0 16px;user-select:all}
dl{display:grid;grid-template-columns:auto 1fr;gap:6px 16px;margin:0 0 18px}
dt{color:var(--soft)}
dd{margin:0;text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
form:has([value=boleto]:checked) .by-card,form:has([value=card]:checked) .by-boleto{display:none}
table{width:100%;border-collapse:collapse;font-size:13px}
th,td{text-align:left;padding:7px 10px 7px 0;border-bottom:1px solid var(--line);vertical-align:top}
td{overflow-wrap:anywhere}
.scroll{overflow-x:auto}
.row{display:flex;flex-wrap:wrap;gap:8px;align-items:center}
.row button{width:auto;min-height:34px;padding:6px 12px;font-size:13px}
code{font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-size:12px}
"""
