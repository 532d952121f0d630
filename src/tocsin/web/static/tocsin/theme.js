// Runs before the first paint: the colours that the reader chose, and what only works with scripts.
"use strict";
(() => {
  const root = document.documentElement;
  const chosen = /(?:^|; )theme=(dark|light)/.exec(document.cookie);
  if (chosen) root.dataset.theme = chosen[1];
  root.classList.add("js");

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
  });
})();
