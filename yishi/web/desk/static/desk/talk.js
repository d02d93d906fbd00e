// A conversation: the newest message in sight, a suggestion into the box, "is writing". Works without this file.
(() => {
  "use strict";
  const $ = (selector) => document.querySelector(selector);
  const area = () => $("#reply");

  const toEnd = () => { const pane = $(".y-scroll"); if (pane) pane.scrollTop = pane.scrollHeight; };
  const isAtEnd = (pane) => pane.scrollHeight - pane.scrollTop - pane.clientHeight < 160;
  // on a phone the room belongs to what was said
  const fold = () => {
    if (window.innerWidth < 768) document.querySelectorAll(".y-draft[open]").forEach((one) => { one.open = false; });
  };
  let stick = true;
  document.addEventListener("DOMContentLoaded", () => {
    fold();
    toEnd();
    const pane = $(".y-scroll");
    if (pane) pane.addEventListener("scroll", () => { stick = isAtEnd(pane); }, { passive: true });
    const step = new URLSearchParams(location.search).get("do");
    if (step === "reply" && area()) area().focus({ preventScroll: true });
  });
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target && event.detail.target.id === "help") fold();
    if (stick) setTimeout(toEnd, 30);
  });

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
  // what will go with it is named beside the clip
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.type !== "file" || !field.parentElement.querySelector("[data-files]")) return;
    field.parentElement.querySelector("[data-files]").textContent = [...field.files].map((file) => file.name).join(" ");
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
