// The list: choosing several incidents, and rows that stay where they are while somebody reads.
"use strict";
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const boxes = () => all("#incidents input[name=incident]");
  const bulk = document.getElementById("bulk");
  const chosen = new Set();

  const show = () => {
    const shown = boxes();
    for (const box of shown) {
      box.checked = chosen.has(box.value);
      box.closest("tr").classList.toggle("chosen", box.checked);
    }
    const everything = document.querySelector("[data-select-all]");
    if (everything) everything.checked = shown.length > 0 && shown.every((box) => box.checked);
    if (!bulk) return;
    const count = shown.filter((box) => box.checked).length;
    bulk.hidden = count === 0;
    bulk.querySelector(".bulk-count").textContent = `${count} selected`;
  };
  const choose = (box, on) => { chosen[on ? "add" : "delete"](box.value); show(); };
  document.addEventListener("change", (event) => {
    const { target } = event;
    if (target.matches("input[name=incident]")) choose(target, target.checked);
    if (target.matches("[data-select-all]")) { for (const box of boxes()) chosen[target.checked ? "add" : "delete"](box.value); show(); }
    if (target.id === "bulk-what") showFields();
  });
  const showFields = () => {
    for (const field of all("#bulk [data-for]")) field.hidden = field.disabled = field.dataset.for !== document.getElementById("bulk-what").value;
  };
  document.addEventListener("click", (event) => {
    if (event.target.matches("[data-select-none]")) { chosen.clear(); show(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    const row = document.activeElement?.closest("#incidents tr");
    const box = row?.querySelector("input[name=incident]");
    if (event.key === "x" && box) choose(box, !box.checked);
  });

  // Whoever is at the top, with nothing chosen and no row in hand, sees new incidents come in; for others they are counted.
  const isReading = () => scrollY > 40 || chosen.size > 0 || document.activeElement?.closest("#incidents");
  document.addEventListener("htmx:configRequest", (event) => {
    if (!isReading() && event.detail.parameters.top) delete event.detail.parameters.top;
  });
  // A row that was in hand stays in hand; what was asked for before one was is asked for again.
  let held;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { elt, parameters } = event.detail.requestConfig;
    if (elt.matches("[hx-include='#top']") && isReading() && document.getElementById("top")?.value && !parameters.top) {
      event.detail.shouldSwap = false;
      htmx.trigger(elt, "changed");
    }
  });
  document.addEventListener("htmx:beforeSwap", () => { held = document.activeElement?.closest("#incidents") ? document.activeElement.id : ""; });
  document.addEventListener("htmx:afterSwap", () => { show(); if (held) document.getElementById(held)?.focus({ preventScroll: true }); });

  if (bulk) showFields();
  show();
})();
