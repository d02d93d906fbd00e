// The desk's keyboard, its live lists and its drafts. Every page works without this file.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // ---- live: a nudge only says "look again"; the page then asks its own address
  const listen = (root) => {
    let source;
    let wait = 1000;
    let waiting = 0;
    const nudge = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => window.htmx && window.htmx.trigger(root, "nudge"), 250);
    };
    const connect = async () => {
      let address = root.dataset.live;
      root.dataset.live = "";
      if (!address) {
        // a ticket is good for one minute: coming back needs a new one
        const answer = await fetch(root.dataset.liveAgain, { credentials: "same-origin" });
        if (answer.ok) address = (await answer.json()).address;
      }
      source = new EventSource(address);
      source.addEventListener("open", () => { wait = 1000; });
      source.addEventListener("nudge", nudge);
      source.addEventListener("error", again);
    };
    const again = () => {
      if (source) source.close();
      setTimeout(() => connect().then(nudge, again), wait);
      wait = Math.min(wait * 2, 30000);
    };
    connect().catch(again);
    window.addEventListener("pagehide", () => source && source.close());
  };

  // ---- worklist: j k to move, Enter to open, r to answer, e to settle, / to search
  let at = "";
  const rows = () => $$("#rows .y-row");
  const show = (row) => {
    rows().forEach((other) => other.classList.toggle("is-at", other === row));
    if (!row) return;
    at = row.id;
    $("a", row).focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const move = (step) => {
    const all = rows();
    const here = all.findIndex((row) => row.id === at);
    if (all.length) show(all[Math.max(0, Math.min(all.length - 1, here + step))]);
  };
  const open = (step) => {
    const link = at && $("a", document.getElementById(at));
    if (link) window.location.assign(link.href + (step ? `?do=${step}#step` : ""));
  };
  const pick = (step) => {
    const choice = document.getElementById(`do-${step}`);
    if (!choice) return;
    choice.checked = true;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    const field = $(`.d-step[data-step="${step}"] :is(textarea,select,input:not([type=hidden]))`);
    if (field) field.focus();
  };
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    r: () => ($("#rows") ? open("reply") : pick("reply")),
    e: () => ($("#rows") ? open("settle") : pick("settle")),
    n: () => pick("note"),
    "/": () => $("#q") && $("#q").focus(),
  };
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input:not([type=radio]),textarea,select,[contenteditable]");
    if (event.key === "Escape" && isTyping) event.target.blur();
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest && event.target.closest("#rows .y-row");
    if (row && row.id !== at) { at = row.id; rows().forEach((r) => r.classList.toggle("is-at", r === row)); }
  });
  // a row that has been swapped keeps its place, also for the keyboard; htmx settles attributes a moment later
  const keepPlace = () => {
    const row = at && document.getElementById(at);
    if (!row || row.classList.contains("is-at")) return;
    row.classList.add("is-at");
    if (document.activeElement === document.body) $("a", row).focus({ preventScroll: true });
  };
  document.addEventListener("htmx:oobAfterSwap", () => setTimeout(keepPlace, 60));

  // ---- what is typed stays: kept in this tab, per person, case and field, until it has been sent
  const draftKey = (field) => `draft:${field.form.dataset.keep}:${field.name}`;
  const restore = (root) => $$("form[data-keep] textarea", root).forEach((field) => {
    const kept = sessionStorage.getItem(draftKey(field));
    if (kept && !field.value) field.value = kept;
  });
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.matches("form[data-keep] textarea")) sessionStorage.setItem(draftKey(field), field.value);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show]");
    if (!button) return;
    const field = document.getElementById(button.dataset.show);
    const isHidden = field.type === "password";
    field.type = isHidden ? "text" : "password";
    button.setAttribute("aria-pressed", String(isHidden));
  });

  document.addEventListener("DOMContentLoaded", () => {
    $$("[data-sent-form]").forEach((toast) => {
      Object.keys(sessionStorage)
        .filter((key) => key.startsWith(`draft:${toast.dataset.sentForm}:`))
        .forEach((key) => sessionStorage.removeItem(key));
    });
    $$(".y-toasts > *").forEach((toast) => { toast.dataset.at = Date.now(); });
    restore(document);
    $$("[data-live]").forEach(listen);
  });
})();
