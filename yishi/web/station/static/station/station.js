// The scanner types and ends with Enter: scans wait in this machine until they have arrived, in their order.
(() => {
  "use strict";
  const box = () => document.getElementById("scan");
  const focus = () => { if (!document.querySelector("[data-focus]:focus")) box()?.focus(); };

  let sound;
  const TONES = { good: [[880, 0.08]], ask: [[660, 0.1], [880, 0.1]], bad: [[220, 0.18], [180, 0.25]] };
  const play = (name) => {
    const Audio = window.AudioContext || window.webkitAudioContext;
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(name === "good" ? 40 : [90, 60, 90]);
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

  // an answer: what was refused stays beside the others until somebody has dealt with it, however fast the
  // next scans come; everything else is shown in the place of the one before. Says whether any was refused.
  const WORST = ["bad", "ask", "good"];
  const swap = (target, html, id = "") => {
    const place = document.querySelector(target), list = document.querySelector("[data-held-list]");
    if (!place) return [];
    const parsed = document.createElement("template");
    parsed.innerHTML = html;
    const answer = parsed.content, held = [];
    for (const part of answer.querySelectorAll("template[data-for]")) {
      const other = document.querySelector(part.dataset.for);
      const note = part.dataset.for === "#log" && other?.querySelector(":scope > .y-note");
      if (other) other.replaceChildren(part.content, ...(note ? [note] : []));
      part.remove();
    }
    const said = new Set([...answer.querySelectorAll("[data-sound]")].map((one) => one.dataset.sound));
    const parts = [...answer.querySelectorAll("[data-answer]")];
    const isLastHeld = !!(parts.at(-1) || answer).querySelector("[data-held]");
    if (list) {
      for (const card of answer.querySelectorAll("[data-held]")) {
        card.dataset.client = card.closest("[data-answer]")?.dataset.answer || id;
        card.querySelectorAll("[data-drop]").forEach((button) => { button.hidden = false; });
        held.push(card.dataset.client);
        list.prepend(card);
      }
    }
    const shown = parts.findLast((one) => one.querySelector("section, p"));
    if (isLastHeld && list) place.replaceChildren();
    else if (shown) place.replaceChildren(...shown.childNodes);
    else place.replaceChildren(...answer.childNodes);
    const sounded = WORST.find((sound) => said.has(sound));
    if (sounded) play(sounded);
    const wanted = place.querySelector("[data-focus]");
    if (wanted) wanted.focus(); else focus();
    return held;
  };

  const post = (form, body) => fetch(form.action, {
    method: "POST", body, headers: { "HX-Request": "true" }, credentials: "same-origin", redirect: "follow",
  });

  // ---- what was scanned and has not arrived, or was refused: each a row of its own, with its pictures
  const form = document.querySelector("form[data-scan]"), isLive = form?.hasAttribute("data-live");
  const KEY = form ? form.getAttribute("action") : "";
  const MOST = 20;
  let opening;
  const rows = (mode, what) => (opening ??= new Promise((done, failed) => {
    const asked = indexedDB.open("yishi-station", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("scans", { keyPath: "id" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  })).then((base) => new Promise((done, failed) => {
    const asked = what(base.transaction("scans", mode).objectStore("scans"));
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  })).catch(() => []); // without a store it stays in memory
  const keep = (one) => { if (!isLive) rows("readwrite", (scans) => scans.put(one)); };
  const forget = (id) => { if (!isLive) rows("readwrite", (scans) => scans.delete(id)); };

  let waiting = [], sending = 0, running = false, retry, loaded;
  const tell = (isOff) => {
    const note = document.getElementById("offline"), count = document.getElementById("queued");
    if (note) note.hidden = !isOff;
    if (count) count.textContent = String(waiting.length);
  };

  // the next that go together: a picture goes alone, and a hand-out is asked one by one
  const next = () => {
    if (isLive || waiting[0].files) return waiting.slice(0, 1);
    const end = waiting.findIndex((one) => one.files);
    return waiting.slice(0, Math.min(MOST, end < 0 ? MOST : end));
  };
  const bodyOf = (several) => {
    const body = new FormData(), isOne = isLive || several[0].files;
    if (isOne) for (const [name, value] of several[0].said) body.append(name, value);
    else body.set("scans", JSON.stringify(several.map((one) => Object.fromEntries(one.said))));
    for (const file of several[0].files || []) body.append("photos", file);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("sent_at", new Date().toISOString());
    return body;
  };

  const run = async () => {
    if (running || !form) return;
    running = true;
    clearTimeout(retry);
    await loaded;
    let isOff = false;
    while (waiting.length) {
      const several = next();
      sending = several.length;
      let answer, said;
      try {
        answer = await post(form, bodyOf(several));
        said = await answer.text();
      } catch { isOff = true; break; }
      if (answer.status === 401) { location.href = answer.headers.get("HX-Redirect") || location.href; break; }
      if (answer.status >= 500 || answer.status === 429 || answer.status === 403) { isOff = true; break; }
      waiting.splice(0, several.length);
      const held = swap(form.dataset.swap, said, several[0].id);
      for (const one of several) if (!held.includes(one.id)) forget(one.id);
      sending = 0;
    }
    sending = 0;
    running = false;
    tell(isOff);
    if (isOff) retry = setTimeout(run, 3000);
  };

  let serial = 0;
  const salt = Math.random().toString(36).slice(2, 12);
  // the note that the newest scan was taken back before it was sent; none: it goes
  const takenBack = (one) => {
    const note = document.getElementById("taken-back");
    if (!note) return;
    note.hidden = !one;
    if (one) note.querySelector("b").textContent = one.said.find(([name]) => name === "scan")[1];
  };
  const takeBack = () => {
    if (waiting.length === sending) { play("ask"); return; }
    const one = waiting.pop();
    forget(one.id);
    takenBack(one);
    tell(!document.getElementById("offline").hidden);
    play("good");
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

  // a broken one is never sent without its picture, nor a picture as one of a whole parcel
  const tick = form?.elements.condition, photos = form?.elements.photos;
  const broken = tick && photos && (() => { photos.required = tick.checked; });
  tick?.addEventListener("change", () => broken?.());
  photos?.addEventListener("change", () => {
    if (tick && photos.files.length) tick.checked = true;
    broken?.();
  });
  photos?.addEventListener("invalid", () => { photos.closest("details").open = true; play("bad"); });

  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const input = box(), text = input.value.trim();
    if (!text) return;
    if (form.hasAttribute("data-live") && picked(text)) { input.value = ""; return; }
    const said = [...new FormData(form)].filter(([name, value]) =>
      typeof value === "string" && name !== "csrfmiddlewaretoken");
    // in the order of time, so that a reload sends them in theirs
    const id = Date.now().toString(36).padStart(9, "0") + "-" + String(serial++).padStart(6, "0") + "-" + salt;
    said.push(["client_id", id], ["scanned_at", new Date().toISOString()]);
    const files = [...(form.elements.photos?.files || [])];
    const one = { id, form: KEY, said, ...(files.length ? { files } : {}) };
    waiting.push(one);
    keep(one);
    takenBack();
    form.querySelectorAll("input[value]:not([type=hidden], [type=checkbox])").forEach((field) => {
      field.defaultValue = "";
    });
    form.reset();
    broken?.();
    form.querySelectorAll("details[open]").forEach((part) => { part.open = false; });
    focus();
    run();
  });

  document.addEventListener("submit", async (event) => {
    const other = event.target;
    if (other === form || !other.dataset.swap) return;
    event.preventDefault();
    const body = new FormData(other), pressed = event.submitter, card = other.closest("[data-held-list] > *");
    if (pressed?.name) body.append(pressed.name, pressed.value);
    if (card?.dataset.sent) return;
    if (card) card.dataset.sent = "1";
    try {
      const answer = await post(other, body);
      if (answer.status === 401) location.href = answer.headers.get("HX-Redirect") || location.href;
      else if (card && (answer.status >= 500 || answer.status === 429)) throw new Error(String(answer.status));
      else {
        const id = card?.dataset.client || "", said = await answer.text();
        card?.remove();
        if (!swap(other.dataset.swap, said, id).length && id) forget(id);
      }
    } catch {
      if (card) { delete card.dataset.sent; tell(true); play("bad"); } else other.submit();
    }
  });

  document.addEventListener("click", (event) => {
    const drop = event.target.closest?.("[data-drop]"), clear = event.target.closest?.("[data-clear]");
    if (drop) {
      const card = drop.closest("[data-held]");
      forget(card.dataset.client);
      card.remove();
      focus();
    }
    if (clear) {
      event.preventDefault();
      document.querySelector(clear.dataset.clear)?.replaceChildren();
      focus();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "F2" && !isLive && waiting.length) { event.preventDefault(); takeBack(); return; }
    const button = /^F\d$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
    if (button) { event.preventDefault(); button.click(); }
  });
  addEventListener("online", run);
  document.addEventListener("DOMContentLoaded", () => {
    if (!form) return;
    // a hand-out is asked for while somebody stands there: an old one is not asked again. What was refused and
    // not dealt with is asked again, for the reason may be gone
    loaded = isLive ? null : rows("readonly", (scans) => scans.getAll()).then((found) => {
      waiting.unshift(...found.filter((one) => one.form === KEY && !waiting.some((here) => here.id === one.id)));
    });
    const said = document.querySelector("[data-sound]");
    if (said) play(said.dataset.sound);
    focus();
    run();
  });
})();
