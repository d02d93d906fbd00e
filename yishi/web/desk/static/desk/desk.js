// The desk's keyboard, its live lists and its drafts. Every page works without this file.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  const topicOf = (data) => { try { return JSON.parse(data).topic || ""; } catch { return ""; } };

  // ---- who else has this case open: said every 20 s while the page is looked at, and when typing begins
  let typedAt = 0;
  const howNow = () => (Date.now() - typedAt < 15000 ? "type" : "look");
  const sayHere = () => {
    const box = $("#here");
    if (!box || document.hidden || !window.htmx) return;
    window.htmx.ajax("POST", box.dataset.here, { target: "#here", swap: "outerHTML", values: { how: howNow() } });
  };
  document.addEventListener("input", (event) => {
    if (!event.target.matches(".d-step textarea")) return;
    const isNew = howNow() === "look";
    typedAt = Date.now();
    if (isNew) sayHere();
  });
  setInterval(sayHere, 20000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sayHere(); });
  window.addEventListener("pagehide", () => {
    const box = $("#here");
    const token = $("input[name=csrfmiddlewaretoken]");
    if (!box || !token) return;
    const said = new FormData();
    said.set("how", "gone");
    said.set("csrfmiddlewaretoken", token.value);
    navigator.sendBeacon(box.dataset.here, said);
  });

  // ---- saved replies: found by a few letters, put where the cursor stands
  const insert = async (link) => {
    const area = $("#reply");
    const answer = await fetch(link.dataset.fill, { credentials: "same-origin" });
    if (!area || !answer.ok) return;
    const { text } = await answer.json();
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    const used = document.createElement("input");
    Object.assign(used, { type: "hidden", name: "used", value: link.dataset.reply });
    area.form.append(used);
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
    const saved = $("#saved");
    if (saved) saved.value = "";
    $("#saved-found").replaceChildren();
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-fill]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    insert(link);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.closest(".d-saved") || event.isComposing) return;
    const links = $$("#saved-found [data-fill]");
    const here = links.indexOf(document.activeElement);
    if (event.key === "Enter" && event.target.id === "saved") {
      event.preventDefault();
      if (links.length) insert(links[0]);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = here + (event.key === "ArrowDown" ? 1 : -1);
      (next < 0 ? $("#saved") : links[Math.min(next, links.length - 1)])?.focus();
    } else if (event.key === "Escape") $("#reply").focus();
  });
  // two slashes in the reply lead to the search for one
  document.addEventListener("input", (event) => {
    const area = event.target;
    if (area.id !== "reply" || !$("#saved")) return;
    const end = area.selectionStart;
    if (area.value.slice(end - 2, end) !== "//" || area.value[end - 3] === ":") return;
    area.setRangeText("", end - 2, end, "end");
    $("#saved").focus();
  });

  // ---- rows that are ticked stay ticked when they are refreshed
  const picked = new Set();
  const countPicked = () => {
    const said = $("[data-picked]");
    const boxes = $$("#rows .d-pick input");
    if (!said || !boxes.length) return;
    said.dataset.plain = said.dataset.plain || said.textContent;
    said.textContent = picked.size ? said.dataset.picked.replace("%s", picked.size) : said.dataset.plain;
    const whole = $("[data-pick-all]");
    whole.checked = boxes.every((box) => box.checked);
    whole.indeterminate = picked.size > 0 && !whole.checked;
  };
  const pickRow = (box) => { picked[box.checked ? "add" : "delete"](box.value); };
  document.addEventListener("change", (event) => {
    if (event.target.matches("#rows .d-pick input")) pickRow(event.target);
    else if (event.target.matches("[data-pick-all]")) {
      $$("#rows .d-pick input").forEach((box) => { box.checked = event.target.checked; pickRow(box); });
    } else return;
    countPicked();
  });
  const keepPicks = () => {
    $$("#rows .d-pick input").forEach((box) => { box.checked = picked.has(box.value); });
    countPicked();
  };
  document.addEventListener("htmx:oobAfterSwap", () => setTimeout(keepPicks, 60));

  // ---- live: a nudge only says "look again"; the page then asks its own address
  const listen = (root) => {
    let source;
    let wait = 1000;
    let waiting = 0;
    const nudge = (event) => {
      const topic = event && event.data ? topicOf(event.data) : "";
      if (topic.startsWith("here:")) { sayHere(); return; }
      if (topic.startsWith("typing:")) { document.dispatchEvent(new Event("yishi:typing")); return; }
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
    const here = all.findIndex((row) => (at ? row.id === at : row.classList.contains("is-open")));
    if (all.length) show(all[Math.max(0, Math.min(all.length - 1, here + step))]);
  };
  const open = (step) => {
    const link = at && $("a", document.getElementById(at));
    if (!link) return;
    const address = new URL(link.href);
    if (step) { address.searchParams.set("do", step); address.hash = "step"; }
    window.location.assign(address);
  };
  const pick = (step) => {
    const choice = document.getElementById(`do-${step}`);
    if (!choice) return;
    choice.checked = true;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    const form = `.d-step[data-step="${step}"]`;
    const field = $(`${form} :is(textarea,select,input:not([type=hidden]))`) || $(`${form} button`);
    if (field) field.focus();
  };
  // beside an open conversation the list is there too: its steps come first
  const go = (step) => (document.getElementById(`do-${step}`) ? pick(step) : open(step));
  const tick = () => {
    const box = at && $(".d-pick input", document.getElementById(at));
    if (box) box.click();
  };
  const help = () => { const dialog = $("#keys"); if (dialog && !dialog.open) dialog.showModal(); };
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    x: tick,
    r: () => go("reply"),
    e: () => go("settle"),
    n: () => go("note"),
    a: () => go("assign"),
    m: () => go("macro"),
    s: () => { pick("reply"); if ($("#saved")) $("#saved").focus(); },
    "?": help,
    "/": () => $("#q") && $("#q").focus(),
  };
  document.addEventListener("click", (event) => { if (event.target.closest("[data-keys]")) help(); });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input:not([type=radio],[type=checkbox]),textarea,select,[contenteditable]");
    if (event.key === "Escape" && isTyping) event.target.blur();
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key] || $("dialog[open]")) return;
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

  // ---- a form that was refused is open again where it stands, with what was typed and with the reason
  const isSame = (form, path, said) => (form.getAttribute("action") || location.pathname) === path
    && $$("input[type=hidden]", form).every((field) => !said[field.name] || field.name === "version" || said[field.name].includes(field.value));
  const refill = () => {
    const box = $("[data-refill]");
    if (!box) return;
    const said = JSON.parse(box.dataset.said);
    // two forms may go to one address: the one that has a field for everything that was said
    const same = $$("form[method=post]").filter((one) => isSame(one, box.dataset.refill, said));
    const form = same.find((one) => Object.keys(said).every((name) => one.elements[name])) || same[0];
    if (!form) return;
    [...form.elements].forEach((field) => {
      if (["hidden", "file", "submit", "password", "fieldset"].includes(field.type)) return;
      const values = said[field.name];
      if (["checkbox", "radio"].includes(field.type)) field.checked = Boolean(values && values.includes(field.value));
      else if (values && values.length) field.value = values.shift();
    });
    for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const reason = $("#refused");
    if (!reason) return;
    if (!form.closest("#step")) {
      form.prepend(reason);
      reason.scrollIntoView({ block: "center" });
    }
    const wrong = [...form.elements].filter((field) => box.dataset.wrong.split(" ").includes(field.name));
    wrong.forEach((field) => { field.setAttribute("aria-invalid", "true"); field.setAttribute("aria-describedby", "refused"); });
    if (wrong.length) wrong[0].focus({ preventScroll: true });
  };

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
    refill();
    $$("#rows .d-pick input:checked").forEach(pickRow);
    countPicked();
    $$("[data-live]").forEach(listen);
  });
})();
