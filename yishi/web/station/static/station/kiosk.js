// Keys on the glass, the scanner's keyboard, and the way back when nobody is there any more.
(() => {
  "use strict";
  const SILENCE_S = 30;
  const main = document.querySelector("[data-kiosk]");
  if (!main) return;
  const field = main.querySelector(".f-code");
  const left = main.querySelector("[data-left]");
  let since = Date.now();
  const touched = () => { since = Date.now(); };

  main.addEventListener("click", (event) => {
    touched();
    const key = event.target.closest("[data-key]");
    if (!key || !field) return;
    field.value = key.dataset.key === "back" ? field.value.slice(0, -1) : field.value + key.dataset.key;
    field.focus();
  });
  // a scanner types wherever the focus is: it belongs into the field
  document.addEventListener("keydown", (event) => {
    touched();
    if (field && document.activeElement !== field && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      field.focus();
    }
  });
  main.querySelectorAll("form").forEach((form) => form.addEventListener("submit", (event) => {
    // pressed twice: once is enough
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  }));
  addEventListener("pageshow", () => main.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));

  const look = () => {
    const quiet = (Date.now() - since) / 1000;
    if (left) left.textContent = left.dataset.words.replace("#", Math.max(0, Math.ceil(SILENCE_S - quiet)));
    if (quiet < SILENCE_S) return;
    if ("start" in main.dataset) {
      if (field) field.value = "";
      // a machine that stands for weeks takes a fresh page now and then, when the line is there
      if (quiet > 600 && navigator.onLine) location.replace(main.dataset.kiosk);
      else if (document.documentElement.lang === "en" && navigator.onLine) location.replace(main.dataset.kiosk);
    } else location.replace(main.dataset.kiosk);
  };
  look();
  setInterval(look, 500);
  if (field) field.focus();
})();
