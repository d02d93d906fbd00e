// A conversation: the newest message in sight, a suggestion into the box, "is writing". Works without this file.
(() => {
  "use strict";
  const $ = (selector) => document.querySelector(selector);
  const area = () => $("#reply");

  const toEnd = () => { const pane = $(".y-scroll"); if (pane) pane.scrollTop = pane.scrollHeight; };
  const isAtEnd = (pane) => pane.scrollHeight - pane.scrollTop - pane.clientHeight < 160;
  let stick = true;
  document.addEventListener("DOMContentLoaded", () => {
    // on a phone the room belongs to what was said
    if (window.innerWidth < 768) document.querySelectorAll(".y-draft[open]").forEach((one) => { one.open = false; });
    toEnd();
    const pane = $(".y-scroll");
    if (pane) pane.addEventListener("scroll", () => { stick = isAtEnd(pane); }, { passive: true });
    const step = new URLSearchParams(location.search).get("do");
    if (step === "reply" && area()) area().focus({ preventScroll: true });
  });
  document.addEventListener("htmx:oobAfterSwap", () => { if (stick) setTimeout(toEnd, 30); });

  // a suggestion or a saved reply goes where the cursor stands; what was used is counted when it is sent
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-use]");
    if (!button || !area()) return;
    const text = document.getElementById(button.dataset.use).textContent.trim();
    area().setRangeText(text, area().selectionStart, area().selectionEnd, "end");
    if (button.dataset.reply) {
      const used = document.createElement("input");
      Object.assign(used, { type: "hidden", name: "used", value: button.dataset.reply });
      area().form.append(used);
    }
    area().focus();
    area().dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("keydown", (event) => {
    if (event.target !== area()) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); area().form.requestSubmit(); }
  });

  let hiding = 0;
  document.addEventListener("yishi:typing", () => {
    const word = $("#typing");
    if (!word) return;
    word.hidden = false;
    if (stick) toEnd();
    clearTimeout(hiding);
    hiding = setTimeout(() => { word.hidden = true; }, 5000);
  });
})();
