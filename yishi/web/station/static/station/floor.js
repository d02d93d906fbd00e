// Pages that stand open for weeks: a broken line is taken up again, and the screen says when it is out of date.
(() => {
  "use strict";
  const broken = document.getElementById("broken");
  let heard = Date.now();
  // the ticket for the live line could not be fetched: later again, until it can
  const again = (event) => {
    const live = event.target.closest && event.target.closest("[data-live]");
    if (live) setTimeout(() => htmx.trigger(live, "renew"), 10000);
  };
  document.addEventListener("htmx:sendError", again);
  document.addEventListener("htmx:responseError", again);
  document.addEventListener("htmx:afterSwap", () => { heard = Date.now(); });
  if (broken) setInterval(() => { broken.hidden = Date.now() - heard < 65000; }, 5000);
})();
