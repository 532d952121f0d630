// Tells the server that somebody looks at this incident, and whether they write; shows who else does.
"use strict";
(() => {
  const form = document.getElementById("presence-form"), place = document.getElementById("presence");
  if (!form) return;
  const EVERY = 15000, WRITES_FOR = 20000;
  let doing = "reading", since = 0, asked = 0;

  const told = (now) => { form.elements.doing.value = now; return new FormData(form); };
  const tell = async () => {
    const mine = ++asked;
    let answer;
    try { answer = await fetch(form.action, { method: "POST", body: told(doing), credentials: "same-origin" }); } catch { return; } // the next one may get through
    if (!answer.ok || answer.redirected) return;
    const others = await answer.text();
    if (mine === asked && place.innerHTML.trim() !== others.trim()) place.innerHTML = others;
  };
  const become = (now) => {
    if (now === doing) return;
    doing = now;
    tell();
  };

  document.addEventListener("input", (event) => {
    if (!event.target.matches("main textarea, main input")) return;
    since = Date.now();
    become("writing");
  });
  setInterval(() => {
    if (doing === "writing" && Date.now() - since > WRITES_FOR) become("reading");
  }, 2000);
  setInterval(() => { if (!document.hidden) tell(); }, EVERY);

  // A page that nobody sees says nothing, and is forgotten; one that goes says so.
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tell(); });
  document.addEventListener("tocsin:present", () => { if (!document.hidden) tell(); });
  addEventListener("pagehide", () => navigator.sendBeacon(form.action, told("nothing")));
  addEventListener("pageshow", (event) => { if (event.persisted) tell(); });
  if (!document.hidden) tell();
})();
