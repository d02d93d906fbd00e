// The line beside the hand-out: asked for when the page is there, and every twenty seconds.
(() => {
  "use strict";
  const place = document.querySelector("[data-panel]");
  if (!place) return;
  const ask = async () => {
    try {
      const answer = await fetch(place.dataset.panel, { headers: { "HX-Request": "true" } });
      if (answer.ok) place.innerHTML = await answer.text();
    } catch { /* offline: what stands there is old, and the hand-out goes on */ }
  };
  ask();
  setInterval(() => { if (!document.hidden) ask(); }, 20000);
})();
