// The scanner types and ends with Enter: scans wait in this machine until they have arrived, in their order.
(() => {
  "use strict";
  const box = () => document.getElementById("scan");
  const focus = () => { if (!document.querySelector("[data-focus]:focus")) box()?.focus(); };

  let sound;
  const TONES = { good: [[880, 0.08]], ask: [[660, 0.1], [880, 0.1]], bad: [[220, 0.18], [180, 0.25]] };
  const play = (name) => {
    const Audio = window.AudioContext || window.webkitAudioContext;
    if (!Audio || !TONES[name]) return;
    sound = sound || new Audio();
    let at = sound.currentTime;
    for (const [hertz, length] of TONES[name]) {
      const tone = sound.createOscillator(), loud = sound.createGain();
      tone.frequency.value = hertz;
      loud.gain.value = 0.15;
      tone.connect(loud).connect(sound.destination);
      tone.start(at);
      tone.stop(at += length);
    }
  };

  const swap = (target, html) => {
    const place = document.querySelector(target);
    if (!place) return;
    place.innerHTML = html;
    for (const part of place.querySelectorAll("template[data-for]")) {
      const other = document.querySelector(part.dataset.for);
      const note = other?.querySelector(":scope > .y-note");
      if (other) other.replaceChildren(part.content.cloneNode(true), ...(note ? [note] : []));
      part.remove();
    }
    const said = [...place.querySelectorAll("[data-sound]")].pop();
    if (said) play(said.dataset.sound);
    const wanted = place.querySelector("[data-focus]");
    if (wanted) wanted.focus(); else focus();
  };

  const post = (form, body) => fetch(form.action, {
    method: "POST", body, headers: { "HX-Request": "true" }, credentials: "same-origin", redirect: "follow",
  });

  // ---- what was scanned and has not arrived
  const form = document.querySelector("form[data-scan]");
  const KEY = form ? "yishi:scans:" + form.getAttribute("action") : "";
  const kept = () => { try { return JSON.parse(localStorage.getItem(KEY) || "[]"); } catch { return []; } };
  const keep = (rows) => { try { localStorage.setItem(KEY, JSON.stringify(rows)); } catch { /* stays in memory */ } };
  let waiting = [], running = false;
  const tell = (isOff) => {
    const note = document.getElementById("offline"), count = document.getElementById("queued");
    if (note) note.hidden = !isOff;
    if (count) count.textContent = String(waiting.length);
  };
  const store = () => keep(waiting.filter((one) => !one.files));

  const run = async () => {
    if (running || !form) return;
    running = true;
    while (waiting.length) {
      const one = waiting[0], body = new FormData();
      for (const [name, value] of one.said) body.append(name, value);
      for (const file of one.files || []) body.append("photos", file);
      body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      body.set("sent_at", new Date().toISOString());
      let answer;
      try { answer = await post(form, body); } catch { break; }
      if (answer.status === 401) { location.href = answer.headers.get("HX-Redirect") || location.href; break; }
      if (answer.status >= 500 || answer.status === 429) break;
      waiting.shift();
      store();
      swap(form.dataset.swap, await answer.text());
    }
    running = false;
    tell(waiting.length > 0);
    if (waiting.length) setTimeout(run, 3000);
  };

  const picked = (text) => {
    const plain = text.toUpperCase().replace(/[\s-]/g, "");
    const line = document.querySelector(`[data-waybill="${CSS.escape(plain)}"]`);
    if (!line) return false;
    line.querySelector("[data-picked]").hidden = false;
    line.querySelector("input").checked = true;
    play("good");
    return true;
  };

  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const input = box(), text = input.value.trim();
    if (!text) return;
    if (form.hasAttribute("data-live") && picked(text)) { input.value = ""; return; }
    const said = [...new FormData(form)].filter(([name, value]) =>
      typeof value === "string" && name !== "csrfmiddlewaretoken");
    said.push(["client_id", crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) + Date.now()]);
    said.push(["scanned_at", new Date().toISOString()]);
    const files = [...(form.elements.photos?.files || [])];
    waiting.push({ said, ...(files.length ? { files } : {}) });
    store();
    form.reset();
    form.querySelectorAll("details[open]").forEach((part) => { part.open = false; });
    focus();
    run();
  });

  document.addEventListener("submit", async (event) => {
    const other = event.target;
    if (other === form || !other.dataset.swap) return;
    event.preventDefault();
    try {
      const answer = await post(other, new FormData(other));
      if (answer.status === 401) location.href = answer.headers.get("HX-Redirect") || location.href;
      else swap(other.dataset.swap, await answer.text());
    } catch { other.submit(); }
  });

  document.addEventListener("keydown", (event) => {
    const button = /^F\d$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
    if (button) { event.preventDefault(); button.click(); }
  });
  addEventListener("online", run);
  document.addEventListener("DOMContentLoaded", () => {
    if (!form) return;
    // a hand-out is asked for while somebody stands there: an old one is not asked again
    waiting = form.hasAttribute("data-live") ? [] : kept();
    const said = document.querySelector("[data-sound]");
    if (said) play(said.dataset.sound);
    focus();
    run();
  });
})();
