// What makes a page pleasant once it is there: local times, copying, keys, drafts, and calm live updates.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Times: the server writes UTC; readers get their own, with both in full on hover.
  const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = new Intl.DateTimeFormat([], { day: "numeric", month: "short" });
  const farDay = new Intl.DateTimeFormat([], { day: "numeric", month: "short", year: "numeric" });
  const weekday = new Intl.DateTimeFormat([], { weekday: "short" });
  const local = new Intl.DateTimeFormat([], { dateStyle: "medium", timeStyle: "long", hourCycle: "h23" });

  const lasted = (seconds) => {
    const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
    if (minutes < 1) return `${Math.max(0, Math.floor(seconds))} s`;
    if (hours < 1) return `${minutes} min`;
    if (days < 1) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
    return `${days} d ${hours % 24} h`;
  };
  // Half a year away a day needs its year.
  const dated = (at, seconds) => Math.abs(seconds) < 180 * 86400 ? `${day.format(at)} ${clock.format(at)}` : farDay.format(at);
  const ago = (at, seconds) => {
    if (seconds < -86400) return dated(at, seconds);
    if (seconds < -60) return `in ${lasted(-seconds)}`;
    if (seconds < 60) return "just now";
    if (seconds < 86400) return `${lasted(seconds)} ago`;
    return dated(at, seconds);
  };
  const tellTimes = (root = document) => {
    for (const time of all("time[datetime]", root)) {
      const at = new Date(time.dateTime), seconds = (Date.now() - at) / 1000;
      time.title = `${local.format(at)}\n${at.toISOString().replace("T", " ").slice(0, 19)} UTC`;
      if ("since" in time.dataset) time.textContent = lasted(seconds);
      else if ("until" in time.dataset) time.textContent = seconds > 0 ? `${lasted(seconds)} over` : `${lasted(-seconds)} left`;
      else if ("ahead" in time.dataset) time.textContent = `${weekday.format(at)} ${clock.format(at)}`;
      else if ("dated" in time.dataset) time.textContent = `${weekday.format(at)} ${dated(at, seconds)}`;
      else if ("clock" in time.dataset) time.textContent = Math.abs(seconds) < 86400 ? clock.format(at) : ago(at, seconds);
      else time.textContent = ago(at, seconds);
    }
  };
  setInterval(tellTimes, 20000);

  // On a phone there are more places than fit: the one that is open is in sight.
  const here = document.querySelector(".bar nav [aria-current]");
  if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - here.parentElement.clientWidth / 2 + here.clientWidth / 2;

  // A picture wider than the screen begins at what it is about.
  const centreMarked = () => {
    for (const picture of all(".topology-scroll")) {
      const marked = picture.querySelector(".marked")?.getBoundingClientRect(), frame = picture.getBoundingClientRect();
      if (marked && !picture.scrollLeft) picture.scrollLeft = (marked.left + marked.right - frame.left - frame.right) / 2;
    }
  };

  // Copying: through the clipboard where the browser allows it, else (plain HTTP) through a selection.
  const copy = async (source) => {
    try {
      await navigator.clipboard.writeText(source.textContent.trimEnd());
    } catch {
      getSelection().selectAllChildren(source);
      document.execCommand("copy");
      getSelection().removeAllRanges();
    }
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-block]");
    if (!button) return;
    const named = button.dataset.copy && document.getElementById(button.dataset.copy);
    await copy(named || button.parentElement.querySelector("code"));
    const word = button.querySelector("span");
    word.textContent = "Copied";
    button.classList.add("done");
    setTimeout(() => { word.textContent = "Copy"; button.classList.remove("done"); }, 1600);
  });

  // The commands of a runbook come from Markdown, which has no buttons.
  const offerCopies = () => {
    for (const block of all(".steps-prose pre:not(.has-copy)")) {
      const button = document.createElement("button"), word = document.createElement("span");
      block.classList.add("has-copy");
      word.textContent = "Copy";
      button.type = "button";
      button.className = "copy";
      button.dataset.copyBlock = "";
      button.setAttribute("aria-label", "Copy this command");
      button.append(word);
      block.append(button);
    }
  };

  // Where the clock of this browser is another one than somebody goes by, it is offered; nothing is set unasked.
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  for (const form of all("[data-own-zone]")) {
    form.elements.zone.value = timeZone;
    form.querySelector("button").textContent = `Use ${timeZone}`;
    form.hidden = !timeZone || form.dataset.ownZone === timeZone;
  }

  // Menus: one open at a time; a click elsewhere closes it.
  const closeMenus = (except) => all("details.menu[open]").forEach((menu) => { if (menu !== except) menu.open = false; });
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (menu.matches("details.menu[open]") && !menu.contains(document.activeElement?.closest("form"))) menu.querySelector("select, textarea")?.focus();
  }, true);

  // Ctrl Enter sends what is written.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-submit-keys]")) {
      event.target.form.requestSubmit();
    }
  });

  // Drafts: what was typed outlives reloads and other forms, until it has been sent and taken. What was sent when the session
  // was over led to the login instead, and is there again afterwards.
  const draft = (field) => `draft:${field.dataset.draft}`;
  const wasAtLogin = document.referrer && new URL(document.referrer).pathname === "/login";
  for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith("sent:"))) {
    if (wasAtLogin) sessionStorage.setItem(key.replace("sent:", "draft:"), sessionStorage.getItem(key));
    sessionStorage.removeItem(key);
  }
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-draft]")) sessionStorage.setItem(draft(event.target), event.target.value);
  });
  document.addEventListener("submit", (event) => {
    for (const field of all("[data-draft]", event.target)) {
      if (field.value) sessionStorage.setItem(`sent:${field.dataset.draft}`, field.value);
      sessionStorage.removeItem(draft(field));
    }
  });
  const restoreDrafts = () => {
    for (const field of all("[data-draft]")) field.value ||= sessionStorage.getItem(draft(field)) ?? "";
  };

  // Live updates: a part that has not changed stays as it is; one that has keeps its open folds and what was typed. That goes
  // with the version it was typed for: the server then tells who has changed the text meanwhile.
  const kept = new Map();
  const isTyped = (field) => field.matches("select")
    ? field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected))
    : field.value !== field.defaultValue || field.checked !== field.defaultChecked;
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    const next = fragment.id === target.id ? fragment : fragment.querySelector?.(`#${target.id}`);
    if (target.dataset.version && target.dataset.version === next?.dataset.version) {
      event.detail.shouldSwap = false;
      return;
    }
    const inHand = target.contains(document.activeElement) ? document.activeElement : null;
    kept.set(target.id, {
      inHand: inHand?.id,
      caret: inHand?.matches("textarea, input") ? [inHand.selectionStart, inHand.selectionEnd] : [],
      scrolled: target.scrollTop,
      open: all("details[open][id]", target).map((fold) => fold.id),
      // A form that came back with an error has been filled by the server with what was typed.
      typed: all("textarea[id], select[id], input[id]:not([type=hidden], [type=file])", target)
        .filter((field) => isTyped(field) || field.form?.querySelector("[role=alert]"))
        .map((field) => [field.id, field.value, field.checked, field.form?.elements.version?.value]),
    });
  });
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const part = document.getElementById(event.detail.target.id), was = part && kept.get(part.id);
    if (!was) return;
    kept.delete(part.id);
    if (was.scrolled) part.scrollTop = was.scrolled; // only where needed: it lays the page out
    for (const id of was.open) document.getElementById(id)?.setAttribute("open", "");
    for (const [id, value, checked, version] of was.typed) {
      const field = document.getElementById(id);
      if (!field) continue;
      field.value = value;
      if (checked !== undefined) field.checked = checked;
      if (version !== undefined) field.form.elements.version.value = version;
    }
    const inHand = was.inHand ? document.getElementById(was.inHand) : null;
    inHand?.focus({ preventScroll: true });
    if (inHand && Number.isInteger(was.caret[0])) inHand.setSelectionRange(...was.caret);
  });
  // Once for all parts of an answer, and before they are painted: measuring after each part would lay the page out each time.
  const look = () => { tellTimes(); centreMarked(); offerCopies(); };
  let isToLook = false;
  const lookSoon = () => {
    if (!isToLook) queueMicrotask(() => { isToLook = false; look(); });
    isToLook = true;
  };
  document.addEventListener("htmx:afterSwap", lookSoon);
  document.addEventListener("htmx:oobAfterSwap", lookSoon);

  // An answer from another address is the login page: the session is over.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, pathInfo } = event.detail;
    const asked = new URL(pathInfo.requestPath, location), answered = new URL(xhr.responseURL);
    if (asked.pathname === answered.pathname) return;
    event.detail.shouldSwap = false;
    location.reload();
  });

  // Whether the page is live is said, never assumed.
  const live = (state, word) => {
    const sign = document.getElementById("live");
    sign.hidden = false;
    sign.dataset.state = state;
    sign.querySelector(".live-word").textContent = word;
  };

  // The stream that tells of changes. A page that nobody sees closes it: browsers allow six connections to a host.
  const streamed = document.querySelector("[data-stream]");
  let stream, retry;
  const lookAgain = () => all('[hx-trigger="changed"]').forEach((part) => htmx.trigger(part, "changed"));
  // Where the warning can't be had, nobody can see whether pages go out: that is said, too.
  const isWarning = (event) => event.target.id === "watch";
  for (const failure of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(failure, (event) => { if (isWarning(event)) live("off", "Can’t see whether pages go out"); });
  }
  document.addEventListener("htmx:afterSwap", (event) => { if (isWarning(event) && stream?.readyState === EventSource.OPEN) live("on", "Live"); });
  const lookAtWarning = () => htmx.trigger("#watch", "watched");
  let wasOpen = false;
  const openStream = () => {
    stream = new EventSource(streamed.dataset.stream);
    // What changed before the stream was open, or while it was broken, was told to nobody.
    stream.onopen = () => {
      live("on", "Live");
      lookAgain();
      if (wasOpen) lookAtWarning();
      wasOpen = true;
    };
    stream.addEventListener("watched", lookAtWarning);
    stream.addEventListener("changed", lookAgain);
    stream.addEventListener("present", () => document.dispatchEvent(new Event("tocsin:present")));
    stream.onerror = () => {
      live("off", "Reconnecting");
      if (stream.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      lookAgain(); // refused: the session may be over, and then the answer is the login
      retry = setTimeout(openStream, 5000);
    };
  };
  const closeStream = () => { clearTimeout(retry); stream?.close(); };
  if (streamed) {
    document.addEventListener("visibilitychange", () => { closeStream(); if (!document.hidden) openStream(); });
    if (!document.hidden) openStream();
  }

  look();
  restoreDrafts();
})();
