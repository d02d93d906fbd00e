// The call goes out by the link; that it was tried is written down beside it.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-attempt]");
    if (!link) return;
    const body = new FormData(document.getElementById("attempt"));
    body.set("kind", link.dataset.attempt);
    fetch(link.dataset.to, { method: "POST", body, keepalive: true, redirect: "manual" }).catch(() => {
      const notes = document.getElementById("notes"), words = document.getElementById("offline-words");
      if (notes && words) notes.replaceChildren(words.content.cloneNode(true));
    });
  });
})();
