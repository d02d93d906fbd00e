// The few things that a page does better with a script. Every page works without it.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // What is being written stays on this device until it has arrived.
  const keep = (form) => {
    const key = "yishi:" + form.dataset.draft;
    const fields = () => all("input, textarea, select", form).filter(
      (f) => f.name && !["hidden", "file", "password", "submit"].includes(f.type));
    try {
      if (form.dataset.said && location.hash === form.dataset.said) localStorage.removeItem(key);
      const draft = JSON.parse(localStorage.getItem(key) || "{}");
      // what the link or the server has chosen is newer than the draft
      const chosen = new Set(fields().filter((f) => f.checked).map((f) => f.name));
      for (const f of form.dataset.filled ? [] : fields()) {
        if (!(f.name in draft) || chosen.has(f.name)) continue;
        if (f.type === "radio" || f.type === "checkbox") {
          f.checked = draft[f.name] === f.value;
          if (f.checked && f.closest("details")) f.closest("details").open = true;
        } else if (!f.value) f.value = draft[f.name];
      }
      form.addEventListener("input", () => {
        const now = {};
        for (const f of fields()) if (!["radio", "checkbox"].includes(f.type) || f.checked) now[f.name] = f.value;
        try { localStorage.setItem(key, JSON.stringify(now)); } catch { return; /* full: nothing is claimed */ }
        all("[data-kept]", form).forEach((hint) => { hint.hidden = false; });
      });
    } catch { /* no storage here: the form works all the same */ }
  };

  // A second press does nothing; the button says that it is under way.
  const busy = (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    all("button[data-busy]", form).forEach((button) => {
      button.dataset.idle = button.textContent;
      setTimeout(() => { button.disabled = true; button.textContent = button.dataset.busy; });
    });
  };
  const rested = () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    all("button[data-idle]", form).forEach((b) => { b.disabled = false; b.textContent = b.dataset.idle; });
  });

  const start = (root) => {
    all("form[data-draft]", root).forEach(keep);
    all("form[data-once]", root).forEach((form) => form.addEventListener("submit", busy));
    all("textarea[data-enter]", root).forEach((area) => area.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      area.form.requestSubmit();
    }));
    all("[data-copy]", root).forEach((button) => {
      if (!navigator.clipboard) return;
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.setAttribute("aria-label", button.dataset.copied);
        button.classList.add("is-good", "y-c");
      });
    });
    all("[data-forget-draft]", root).forEach((e) => {
      try {
        e.dataset.forgetDraft.split(" ").forEach((key) => localStorage.removeItem("yishi:" + key));
      } catch { /* nothing was kept */ }
    });
    root.querySelector("[data-focus]")?.focus();
  };

  document.addEventListener("DOMContentLoaded", () => start(document));
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) start(event.target); });
  // Once a draft has arrived, a refresh must not forget the next one.
  addEventListener("load", () => setTimeout(() => {
    if (document.querySelector("[data-said]")?.dataset.said === location.hash) {
      history.replaceState(null, "", location.pathname + location.search);
    }
  }));

  // What can be done follows the case: other forms when it was settled or opened again meanwhile.
  document.addEventListener("htmx:afterSettle", () => {
    const now = document.querySelector("#progress"), ways = document.querySelector("#ways");
    if (now && ways && now.dataset.stage !== ways.dataset.stage) htmx.trigger(ways, "stale");
  });

  addEventListener("pageshow", (event) => { if (event.persisted) rested(); });

  // Refusals and broken lines are said in #notes; the words come from the page, in the reader's language.
  document.addEventListener("htmx:sendError", () => {
    const notes = document.getElementById("notes");
    const words = document.getElementById("offline-words");
    if (notes && words) notes.replaceChildren(words.content.cloneNode(true));
  });

  // The ticket in the address is the whole permission: no cookies go to the live address.
  if (window.htmx) htmx.createEventSource = (url) => new EventSource(url);

  // A live line that breaks is taken up again with a new ticket, later and later.
  let wait = 4000;
  document.addEventListener("htmx:sseOpen", () => { wait = 4000; });
  document.addEventListener("htmx:sseError", (event) => {
    const live = event.target.closest("[data-live]");
    if (!live || live.dataset.renewing) return;
    live.dataset.renewing = "1";
    setTimeout(() => htmx.trigger(live, "renew"), wait);
    wait = Math.min(wait * 2, 120000);
  });

  // A menu closes when somebody turns elsewhere, and by Escape, which gives the focus back.
  const menus = () => all("details[data-menu][open]");
  document.addEventListener("click", (event) => menus().forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  }));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });

  // A toast goes by itself, but stays while somebody is in it.
  setInterval(() => all(".y-toasts > [data-at]").forEach((toast) => {
    if (Date.now() - toast.dataset.at > 6000 && !toast.matches(":focus-within, :hover")) toast.remove();
  }), 1000);
  document.addEventListener("htmx:oobAfterSwap", () => all(".y-toasts > :not([data-at])").forEach((toast) => {
    toast.dataset.at = Date.now();
  }));
})();
