// Comfort only: every page works without this file. Keys, copy buttons, and lists that stay fresh.

const REFRESH_MS = 30_000;

// ---- Lists: j and k move, enter opens ------------------------------------------------------

const rows = () => [...document.querySelectorAll("table.list tbody tr")].filter((row) => row.querySelector("a"));
const linkOf = (row) => row.querySelector("[data-open]") ?? row.querySelector("a");

function move(by) {
  const all = rows();
  if (all.length === 0) return;
  const at = all.findIndex((row) => row.classList.contains("here"));
  const next = Math.min(Math.max(at + by, 0), all.length - 1);
  all[at]?.classList.remove("here");
  all[next].classList.add("here");
  linkOf(all[next]).focus({ preventScroll: true });
  all[next].scrollIntoView({ block: "nearest" });
}

// ---- Keys ----------------------------------------------------------------------------------

const keys = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => document.querySelector("[role=search] input")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
};

function typing(target) {
  return target.closest("input, select, textarea, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  // A page's own one-key actions: <button data-key="a"> or <a data-key="w">.
  const own = event.key.length === 1 && document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (own) {
    event.preventDefault();
    own.matches("input, select, textarea") ? own.focus() : own.click();
  } else if (Object.hasOwn(keys, event.key)) {
    event.preventDefault();
    keys[event.key]();
  }
});

// ---- Copy ----------------------------------------------------------------------------------

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy)?.textContent ?? "";
  const said = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
    button.textContent = "Selected: press Ctrl+C";
  }
  setTimeout(() => { button.textContent = said; }, 2_000);
});

for (const button of document.querySelectorAll("button[data-copy][hidden]")) button.hidden = false;

// ---- Fresh lists: fetch the same page, swap what changed -------------------------------------

const live = () => [...document.querySelectorAll("[data-live][id]")];

async function refresh() {
  if (document.hidden || live().some((part) => part.contains(document.activeElement))) return;
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of live()) {
    const now = fresh.getElementById(part.id);
    if (now && now.innerHTML !== part.innerHTML) part.replaceChildren(...now.childNodes);
  }
}

if (live().length > 0) setInterval(() => refresh().catch(() => {}), REFRESH_MS);

// ---- Small things --------------------------------------------------------------------------

// Filters apply as they are chosen; without script their button does it.
for (const select of document.querySelectorAll("form.filters select")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// The notice of a finished action is said once: a reload must not repeat it.
const here = new URL(location.href);
if (here.searchParams.has("done")) {
  here.searchParams.delete("done");
  history.replaceState(null, "", here);
}

document.querySelector("[aria-invalid=true]")?.focus();
