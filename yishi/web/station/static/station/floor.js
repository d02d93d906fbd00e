// Pages that stand open for weeks: a broken line is taken up again, and the screen says when it is out of date.
(() => {
  "use strict";
  const SILENT_MS = 65000, PATIENT_MS = 4000;
  const broken = document.getElementById("broken");
  let heard = Date.now(), lostSince = 0, hasFailed = false;
  const tell = () => {
    if (!broken) return;
    const isLost = lostSince && Date.now() - lostSince > PATIENT_MS;
    broken.hidden = !hasFailed && !isLost && Date.now() - heard < SILENT_MS;
  };
  // the ticket for the live line could not be fetched: later again, until it can
  const again = (event) => {
    hasFailed = true;
    tell();
    const live = event.target.closest && event.target.closest("[data-live]");
    if (live) setTimeout(() => htmx.trigger(live, "renew"), 10000);
  };
  document.addEventListener("htmx:sendError", again);
  document.addEventListener("htmx:responseError", again);
  document.addEventListener("htmx:sseError", () => { lostSince = lostSince || Date.now(); });
  document.addEventListener("htmx:sseOpen", () => {
    lostSince = 0;
    document.body.dataset.connected = "1";
    tell();
  });

  // a call can be heard, where the screen's browser lets a page sound without a touch
  const first = () => document.querySelector(".f-now .is-first")?.textContent.trim() || "";
  let called = first(), sound;
  const chime = () => {
    const Audio = window.AudioContext || window.webkitAudioContext;
    if (!Audio) return;
    sound = sound || new Audio();
    if (sound.state !== "running") return;
    [[880, 0], [660, 0.35]].forEach(([hertz, after]) => {
      const tone = sound.createOscillator(), loud = sound.createGain(), at = sound.currentTime + after;
      tone.frequency.value = hertz;
      loud.gain.setValueAtTime(0.25, at);
      loud.gain.exponentialRampToValueAtTime(0.001, at + 0.6);
      tone.connect(loud).connect(sound.destination);
      tone.start(at);
      tone.stop(at + 0.6);
    });
  };
  document.addEventListener("htmx:afterSwap", () => {
    heard = Date.now();
    hasFailed = false;
    tell();
    const now = first();
    if (now && now !== called) chime();
    called = now;
  });
  setInterval(tell, 1000);
})();
