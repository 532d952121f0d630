// Keys and the command palette. What each key does stands in the sheet of keys, which the server writes from one table.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const sheet = document.getElementById("keys"), palette = document.getElementById("palette");
  const rows = all("[data-keys]", sheet);
  const isShown = (element) => element.checkVisibility();
  const pressed = (row) => all(row.dataset.press).find(isShown);
  const inLists = ["next", "previous", "select", "open"];
  const works = (row) => row.dataset.press ? pressed(row) : !inLists.includes(row.dataset.does) || document.querySelector("a.open");

  // What a row of the sheet does: it opens a page; it presses, opens or writes in something; or it is one of these.
  const walk = (step) => {
    const links = all("a.open"), at = links.indexOf(document.activeElement);
    links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
  };
  const closeMenus = () => {
    for (const menu of all("details.menu[open]")) {
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  };
  const own = {
    sheet: () => { for (const row of rows) row.hidden = !works(row); sheet.showModal(); },
    palette: () => openPalette(),
    next: () => walk(1),
    previous: () => walk(-1),
    close: closeMenus,
  };
  const press = (element) => {
    element.scrollIntoView({ block: "nearest" });
    element.focus();
    if (!element.matches("input, textarea")) element.click();
  };
  const run = (row) => {
    if (row.dataset.to) location.assign(row.dataset.to);
    else if (row.dataset.press) press(pressed(row));
    else own[row.dataset.does]?.();
  };

  // Typing comes first: in a field only Escape and the palette's key mean anything, and in a dialog nothing of ours.
  const isTyping = (target) => target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  let begun = "", forgotten;
  const note = (keys) => { begun = keys; clearTimeout(forgotten); if (keys) forgotten = setTimeout(() => note(""), 1200); };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); openPalette(); return; }
    if (event.key === "Escape") closeMenus();
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || event.key.length > 1) return;
    const keys = begun ? `${begun} ${event.key}` : event.key;
    const row = rows.find((each) => each.dataset.keys === keys && works(each));
    note(!row && rows.some((each) => each.dataset.keys.startsWith(`${keys} `)) ? keys : "");
    if (row) { event.preventDefault(); run(row); }
  });

  // The palette: what this page can do, the places, and what the server finds.
  const field = palette.querySelector("input"), list = palette.querySelector("ul"), told = palette.querySelector("[role=status]");
  const option = (words, keys, does) => ({ words, keys, does });
  const doable = () => {
    const named = rows.filter((row) => (row.dataset.to || row.dataset.press || row.dataset.does === "sheet") && works(row));
    const taken = new Set(named.map((row) => row.dataset.press && pressed(row)));
    const others = all("#actions button, #actions summary").filter((each) => isShown(each) && !taken.has(each) && !each.closest(".sheet"));
    return [
      ...named.filter((row) => row.dataset.press).map(ofRow),
      ...others.map((each) => option(each.textContent.trim(), "", () => press(each))),
      ...named.filter((row) => !row.dataset.press).map(ofRow),
      ...all(".bar nav a").filter((each) => !rows.some((row) => row.dataset.to === each.getAttribute("href")))
        .map((each) => option(each.textContent.trim(), "", () => each.click())),
    ];
  };
  const ofRow = (row) => option(row.querySelector("dt").textContent, row.dataset.keys, () => run(row));

  let asking, asked, mark = 0;
  const options = () => all("[role=option]", list);
  const choose = (index) => {
    const found = options();
    mark = found.length ? (index + found.length) % found.length : 0;
    found.forEach((each, at) => { each.id = `found-${at}`; each.setAttribute("aria-selected", at === mark); });
    found[mark]?.scrollIntoView({ block: "nearest" });
    if (found.length) field.setAttribute("aria-activedescendant", `found-${mark}`);
    else field.removeAttribute("aria-activedescendant");
    told.textContent = found.length ? "" : field.value ? "Nothing is called so." : "";
  };
  const drawn = ({ words, keys, does }) => {
    const line = document.createElement("li"), name = document.createElement("span");
    line.setAttribute("role", "option");
    name.className = "found-name";
    name.textContent = words;
    line.append(name);
    for (const key of keys ? keys.split(" ") : []) {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      line.append(cap);
    }
    line.addEventListener("click", () => { palette.close(); does(); });
    return line;
  };
  const fill = (found = []) => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const ours = doable().filter((each) => words.every((word) => each.words.toLowerCase().includes(word)));
    list.replaceChildren(...ours.map(drawn), ...found);
    choose(0);
  };
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(`${field.dataset.find}?q=${encodeURIComponent(field.value)}`, { signal: asked.signal });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      fill(all("[role=option]", page));
    } catch (error) {
      if (error.name !== "AbortError") told.textContent = "The server can’t be asked just now.";
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(asking);
    asked?.abort();
    fill();
    if (field.value.trim()) asking = setTimeout(ask, 120);
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); choose(mark + step); }
    if (event.key === "Enter") { event.preventDefault(); options()[mark]?.click(); }
  });
  list.addEventListener("click", (event) => {
    const to = event.target.closest("[data-to]")?.dataset.to;
    if (to) location.assign(to);
  });
  const openPalette = () => { field.value = ""; palette.showModal(); fill(); };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]")) openPalette();
    if (event.target.closest("[data-sheet]")) own.sheet();
    if (event.target === sheet || event.target === palette) event.target.close(); // the backdrop
  });
})();
