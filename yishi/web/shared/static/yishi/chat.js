// The chat: nothing written is lost, each message is sent once, what is new comes by itself.
// Without this script the form is posted and the page comes again.
(() => {
  "use strict";
  const form = document.getElementById("say"), talk = document.getElementById("talk");
  const main = document.querySelector("[data-chat]");
  if (!form || !talk || !main) return;
  const text = form.elements.namedItem("text"), files = form.elements.namedItem("photos");
  const typing = document.getElementById("typing"), newer = document.getElementById("newer");
  const token = main.dataset.token || "", isEmbedded = "embedded" in main.dataset;
  const box = "yishi:out:" + (token || location.pathname);
  const keep = (name, value) => { try {
    if (value) localStorage.setItem(name, value); else localStorage.removeItem(name);
  } catch { /* no storage here: all else works */ } };
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const copy = (id) => document.getElementById(id).content.cloneNode(true);
  const state = () => document.getElementById("talk-head").dataset.state;

  // ---- where the reader is
  const page = document.documentElement;
  const isAtEnd = () => page.scrollHeight - scrollY - innerHeight < 160;
  const toEnd = () => { scrollTo(0, page.scrollHeight); newer.hidden = true; };
  newer.addEventListener("click", () => { toEnd(); text.focus(); });
  addEventListener("scroll", () => { if (isAtEnd()) newer.hidden = true; }, { passive: true });

  // ---- what is new
  const fresh = () => { if (token) htmx.trigger(talk, "fresh"); };
  let wasAtEnd = true, hush = 0;
  const show = (words) => {
    clearTimeout(hush);
    const stays = isAtEnd();
    typing.textContent = words;
    typing.hidden = !words;
    if (stays) toEnd();
  };
  document.addEventListener("sse:nudge", (event) => {
    const topic = JSON.parse(event.detail.data).topic;
    if (!topic.startsWith("typing:")) { fresh(); return; }
    show(typing.dataset.person);
    hush = setTimeout(() => show(""), 6000);
  });
  document.addEventListener("htmx:sseOpen", fresh);
  document.addEventListener("visibilitychange", () => {
    const looking = document.getElementById("looking");
    if (looking) looking.value = document.hidden ? "" : "1";
    if (!document.hidden) fresh();
  });
  addEventListener("online", () => { fresh(); sendNext(); });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target === talk) wasAtEnd = isAtEnd();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target !== talk && !talk.contains(event.target)) return;
    const seen = Number(document.getElementById("after").dataset.seen);
    const known = new Set();
    let isNews = false;
    for (const line of [...talk.children]) {
      if (line.id && known.has(line.id)) { line.remove(); continue; }
      known.add(line.id);
      if (line.dataset.key && line.id) {
        talk.querySelectorAll(".is-waiting").forEach((e) => { if (e.dataset.key === line.dataset.key) e.remove(); });
      }
      const tick = line.querySelector(":scope > .y-tick");
      if (tick && Number(line.dataset.id) <= seen) tick.textContent = tick.dataset.read;
      if (line.classList.contains("is-new") && !line.dataset.met) {
        line.dataset.met = "1";
        if (!line.classList.contains("is-me")) isNews = true;
      }
    }
    if (isNews && !sending) show("");
    if (wasAtEnd) toEnd(); else if (isNews) newer.hidden = false;
    if (isNews && isEmbedded && parent !== window) parent.postMessage("yishi:news", "*");
    remember();
  });

  // ---- what is sent: one after the other, each under a number of its own, until it has arrived
  const waiting = [];
  let sending = false, again = 0, pause = 2000;
  const write = () => keep(box, waiting.length
    ? JSON.stringify(waiting.map(({ key, said, option }) => ({ key, said, option }))) : "");
  const key = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("");
  const put = (message) => {
    const line = copy("mine").firstElementChild;
    line.dataset.key = message.key;
    line.querySelector("p").textContent = message.option || message.said
      || [...(message.files || [])].map((f) => f.name).join(" ");
    talk.append(line);
    message.line = line;
    waiting.push(message);
    write();
    toEnd();
  };
  const mark = (message, id, words) => {
    message.line.querySelectorAll("small").forEach((e) => e.remove());
    const note = copy(id);
    if (words) note.firstElementChild.textContent = words;
    note.querySelector("button")?.addEventListener("click", sendNext);
    message.line.append(note);
  };
  const refuse = (message, words) => {
    waiting.shift();
    write();
    mark(message, "refused", words);
    if (!text.value && !message.option) { text.value = message.said; grow(); }
  };
  const later = (message) => {
    if (!message.line.querySelector("button")) mark(message, "unsent");
    clearTimeout(again);
    again = setTimeout(sendNext, pause);
    pause = Math.min(pause * 2, 60000);
  };
  async function sendNext() {
    clearTimeout(again);
    if (sending || !waiting.length) return;
    const message = waiting[0], body = new FormData();
    body.set("key", message.key);
    body.set(message.option ? "option" : "text", message.option || message.said);
    for (const file of message.files || []) body.append("photos", file);
    sending = true;
    if (state() === "ASSISTANT") show(typing.dataset.robot);
    let answer = null;
    try {
      answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    } catch { /* no connection: it stays and is tried again */ }
    sending = false;
    show("");
    if (!answer || answer.status >= 500) { later(message); return; }
    pause = 2000;
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) { refuse(message, said.error || String(answer.status)); return; }
    waiting.shift();
    write();
    if (!token) { location.replace(said.url); return; }
    fresh();
    sendNext();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const option = event.submitter?.name === "option" ? event.submitter.value : "";
    const said = option ? "" : text.value.trim(), chosen = option ? [] : [...files.files];
    if (!option && !said && !chosen.length) { text.focus(); return; }
    put({ key: key(), said, option, files: chosen });
    if (!option) { text.value = ""; files.value = ""; grow(); count(); }
    text.focus();
    sendNext();
  }, true);

  // ---- the field
  const grow = () => { text.rows = Math.min(5, text.value.split("\n").length); };
  const count = () => {
    const mark = form.querySelector("[data-files]");
    mark.hidden = !files.files.length;
    mark.textContent = files.files.length || "";
  };
  files.addEventListener("change", count);
  let told = 0;
  text.addEventListener("input", () => {
    grow();
    if (!form.dataset.typing || state() === "ASSISTANT" || Date.now() - told < 3000) return;
    told = Date.now();
    fetch(form.dataset.typing, { method: "POST" }).catch(() => { /* a sign only */ });
  });

  // ---- in a frame of another site: the way back is kept by this frame itself, the site never sees it
  const remember = () => { if (isEmbedded && token) keep("yishi:way", state() === "ENDED" ? "" : token); };
  if (isEmbedded && parent !== window) {
    const close = document.querySelector("[data-close]");
    close.hidden = false;
    const tell = () => parent.postMessage("yishi:close", "*");
    close.addEventListener("click", tell);
    addEventListener("keydown", (event) => { if (event.key === "Escape") tell(); });
  }
  const way = isEmbedded && !token && kept("yishi:way");
  if (way) {
    const back = `/chat/${encodeURIComponent(way)}?embed=1`;
    fetch(back, { method: "HEAD" }).then((answer) => {
      if (answer.ok) location.replace(back); else keep("yishi:way", "");
    }).catch(() => { /* no connection: a new one may begin */ });
  }

  // ---- what had not arrived when the page was left
  try {
    for (const message of JSON.parse(kept(box) || "[]")) {
      const isThere = [...talk.children].some((line) => line.dataset.key === message.key);
      if (!isThere) put({ ...message, files: [] });
    }
  } catch { keep(box, ""); }
  remember();
  toEnd();
  sendNext();
})();
