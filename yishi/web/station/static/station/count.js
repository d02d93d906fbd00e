// Scans of a count wait in this machine until they have arrived; they go in batches, and none twice.
(() => {
  "use strict";
  const form = document.getElementById("count");
  if (!form) return;
  const box = document.getElementById("scan"), place = document.getElementById("place");
  const KEY = "yishi:count:" + form.dataset.count;
  const PLACE = KEY + ":place";
  const load = () => { try { return JSON.parse(localStorage.getItem(KEY) || "[]"); } catch { return []; } };
  const save = () => { try { localStorage.setItem(KEY, JSON.stringify(waiting)); } catch { /* stays in memory */ } };
  let waiting = load(), running = false, sound, retry;

  const words = (key) => document.getElementById("words").content.querySelector(`[data-key="${key}"]`);
  const TONES = { OK: [[880, 0.06]], AGAIN: [[660, 0.08]], UNREADABLE: [[330, 0.15], [330, 0.15]] };
  const play = (key) => {
    const Audio = window.AudioContext || window.webkitAudioContext;
    if (!Audio) return;
    sound = sound || new Audio();
    let at = sound.currentTime;
    for (const [hertz, length] of TONES[key] || [[220, 0.15], [180, 0.2]]) {
      const tone = sound.createOscillator(), loud = sound.createGain();
      tone.frequency.value = hertz;
      loud.gain.value = 0.15;
      tone.connect(loud).connect(sound.destination);
      tone.start(at);
      tone.stop(at += length);
    }
  };

  const show = (one, verdict, booked) => {
    const word = words(verdict), panel = document.getElementById("heard");
    panel.className = "y-result " + word.dataset.role;
    document.getElementById("heard-word").textContent = word.textContent;
    document.getElementById("heard-no").textContent = one ? one.text : "";
    const where = document.getElementById("heard-place");
    where.textContent = booked ? words("SEEN").textContent + " " + booked : "";
  };
  const log = (one) => {
    const line = document.createElement("div");
    line.className = "y-log";
    for (const [kind, said] of [["span", new Date(one.at).toLocaleTimeString()], ["span", one.text], ["b", one.place], ["span", ""]]) {
      const cell = document.createElement(kind);
      cell.textContent = said;
      line.append(cell);
    }
    const list = document.getElementById("log");
    list.prepend(line);
    while (list.children.length > 12) list.lastChild.remove();
  };
  const tell = (isOff) => {
    document.getElementById("offline").hidden = !isOff;
    document.getElementById("queued").textContent = String(waiting.length);
  };

  const run = async () => {
    if (running) return;
    running = true;
    clearTimeout(retry);
    let isOff = false;
    while (waiting.length) {
      const batch = waiting.slice(0, 500);
      let answer;
      try {
        answer = await fetch(form.action, {
          method: "POST", credentials: "same-origin",
          headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
          body: JSON.stringify({ sent_at: new Date().toISOString(), scans: batch }),
        });
      } catch { isOff = true; break; }
      if (answer.redirected || answer.status === 401) { location.reload(); break; }
      if (answer.status >= 500 || answer.status === 429) { isOff = true; break; }
      const said = await answer.json().catch(() => ({}));
      waiting = waiting.slice(batch.length);
      save();
      if (!said.heard) {
        document.getElementById("heard-word").textContent = said.said || String(answer.status);
        document.getElementById("heard").className = "y-result is-bad";
        play("BAD");
        continue;
      }
      const [id, verdict, booked] = said.heard[said.heard.length - 1];
      show(batch.find((one) => one.id === id), verdict, booked);
      play(verdict);
    }
    running = false;
    tell(isOff);
    if (isOff) retry = setTimeout(run, 3000);
  };

  const stand = (label) => {
    place.value = label;
    try { sessionStorage.setItem(PLACE, label); } catch { /* for this page only */ }
    document.querySelectorAll("[data-place]").forEach((button) => {
      button.classList.toggle("btn-primary", button.dataset.place === label);
      button.classList.toggle("btn-quiet", button.dataset.place !== label);
    });
    box.focus();
  };
  document.querySelectorAll("[data-place]").forEach((b) => b.addEventListener("click", () => stand(b.dataset.place)));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = box.value.trim();
    box.value = "";
    if (!text) return;
    if (/^SHELF:/i.test(text)) { stand(text.slice(6).toUpperCase()); play("AGAIN"); return; }
    const id = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) + Date.now();
    const one = { id, text: text.slice(0, 100), place: place.value, at: new Date().toISOString() };
    waiting.push(one);
    save();
    log(one);
    document.querySelector("#undo [name=client_id]").value = id;
    const total = document.getElementById("total");
    total.textContent = String(Number(total.textContent) + 1);
    show(one, "WAITING", "");
    run();
  });

  // what has not arrived is taken back here; the rest by the server
  document.getElementById("undo").addEventListener("submit", (event) => {
    const id = event.target.elements.client_id.value;
    if (running || !waiting.some((one) => one.id === id)) return;
    event.preventDefault();
    waiting = waiting.filter((one) => one.id !== id);
    save();
    document.getElementById("log").firstChild?.remove();
    tell(waiting.length > 0);
  });
  // nothing is held against the book while something still waits here
  document.getElementById("end").addEventListener("submit", (event) => {
    if (waiting.length && !event.submitter?.name) { event.preventDefault(); tell(true); run(); }
  });
  addEventListener("online", run);
  let label = place.value;
  try { label = sessionStorage.getItem(PLACE) || label; } catch { /* as the page says */ }
  if (label) stand(label);
  box.focus();
  run();
})();
