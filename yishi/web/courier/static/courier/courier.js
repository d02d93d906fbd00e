// The courier's pages with a script: deeds go through the queue, pages are kept for where there is no network.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const every = (selector, root = document) => [...root.querySelectorAll(selector)];
  const bar = one("#queue");
  if (!bar || !window.indexedDB) return;
  const line = { state: bar.dataset.state, deeds: bar.dataset.deeds };
  const LONGEST_SIDE = 1600;
  let standing = "sent";

  const clock = (iso) => new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  const word = (kind) => one(`[data-word="${kind}"]`, one("#deed-words").content)?.textContent || kind;

  // ---- what is waiting, and what was refused
  const lineOf = (deed) => {
    const kind = deed.kind === "contact" ? new Map(deed.fields).get("kind") : deed.kind;
    return `${word(kind)} · ${clock(deed.made_at)}`;
  };
  const refusedNote = (deed) => {
    const note = one("#refused-one").content.cloneNode(true);
    one("[data-said]", note).textContent = deed.said || one("[data-said]", note).dataset.else;
    one("[data-what]", note).textContent = `${lineOf(deed)} · ${deed.waybill_no}`;
    one("[data-go]", note).href = bar.dataset.stop.replace("0000000000", deed.waybill_no);
    // what is with somebody else cannot be looked at
    one("[data-go]", note).hidden = deed.code === "not_yours_now";
    one("[data-drop]", note).addEventListener("click", async () => {
      await courierQueue.drop(deed.seq);
      show();
    });
    return note;
  };
  const showPending = (deeds) => {
    every("[data-pending]").forEach((row) => row.remove());
    const road = one("#road");
    for (const deed of deeds) {
      const stop = one(`.y-stop[data-no="${CSS.escape(deed.waybill_no)}"] [data-marks]`);
      const here = road && road.dataset.no === deed.waybill_no;
      if (!stop && !here) continue;
      const row = one(stop ? "#pending-chip" : "#pending-row").content.cloneNode(true);
      one("[data-what]", row).textContent = lineOf(deed);
      (stop || road).append(row);
    }
    if (road) road.hidden = !road.children.length;
    const none = one("#road-none");
    if (none && road) none.hidden = !road.hidden;
  };
  const show = async () => {
    const deeds = await courierQueue.all().catch(() => []);
    const waiting = deeds.filter((deed) => deed.state === "WAITING");
    const refused = deeds.filter((deed) => deed.state === "REFUSED");
    one("#queue-off").hidden = standing !== "offline";
    one("#queue-out").hidden = standing !== "signed-out";
    one("#queue-later").hidden = standing !== "later" || !waiting.length;
    one("#queue-waiting").hidden = !waiting.length;
    one("[data-count]").textContent = waiting.length;
    one("#queue-refused").replaceChildren(...refused.map(refusedNote));
    bar.hidden = !every(":scope > :not([hidden])", bar).some((part) => part.id !== "queue-refused" || refused.length);
    showPending(waiting);
  };
  const sync = async () => {
    standing = await courierQueue.sync(line);
    await show();
    return standing;
  };

  // ---- a photo as small as it may be while one still sees what it shows
  const shrink = async (file) => {
    if (!file.type.startsWith("image/") || !window.createImageBitmap) return file;
    try {
      const image = await createImageBitmap(file, { imageOrientation: "from-image" });
      const by = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * by);
      canvas.height = Math.round(image.height * by);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      image.close();
      const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
      return small && small.size < file.size ? small : file;
    } catch { return file; }
  };
  const place = () => new Promise((done) => {
    if (!navigator.geolocation) { done(null); return; }
    navigator.geolocation.getCurrentPosition((found) => done(found.coords), () => done(null), { timeout: 4000, maximumAge: 30000, enableHighAccuracy: true });
  });

  // ---- one deed: kept first, then sent; the page goes on where the server says
  const keep = async (form, button) => {
    const fields = [], files = [];
    for (const [name, value] of new FormData(form, button)) {
      if (name === "csrfmiddlewaretoken") continue;
      if (!(value instanceof File)) fields.push([name, value]);
      else if (value.size) files.push([name, await shrink(value), (value.name || "photo").replace(/\.[^.]*$/, "") + ".jpg"]);
    }
    const pad = one("canvas[data-sign]", form);
    if (pad?.dataset.drawn) files.push(["signature", await new Promise((done) => pad.toBlob(done, "image/png")), "signature.png"]);
    const where = "where" in form.dataset ? await place() : null;
    if (where) fields.push(["position", `${where.latitude.toFixed(6)},${where.longitude.toFixed(6)}`], ["accuracy", String(Math.round(where.accuracy))]);
    return courierQueue.add({ kind: form.dataset.deed, waybill_no: form.dataset.no, fields, files });
  };
  const say = (id) => {
    const notes = one("#notes");
    notes.replaceChildren(one(id).content.cloneNode(true));
    notes.scrollIntoView({ block: "nearest" });
  };
  const answers = new Map();
  addEventListener("courier:answer", (event) => answers.set(event.detail.id, event.detail));
  const go = (address) => {
    const to = new URL(address, location.href);
    if (to.pathname === location.pathname && to.search === location.search) location.hash = to.hash;
    if (to.pathname !== location.pathname || to.search || !to.hash) location.assign(address);
    else location.reload();
  };
  const carry = async (form, button) => {
    let deed;
    try { deed = await keep(form, button); } catch { say("#full-words"); return; }
    every("[data-asked]").forEach((sheet) => sheet.remove());
    one("main > [inert]")?.removeAttribute("inert");
    await sync();
    const answer = answers.get(deed.id);
    if (answer?.state === "done") { go(answer.go); return; }
    form.reset();
    form.closest("details")?.removeAttribute("open");
    if (!answer) say("#kept-words");
    else scrollTo(0, 0);
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-deed]");
    if (!form) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    try { await carry(form, event.submitter); } finally { delete form.dataset.busy; }
  });

  // Parcels taken out: a line a parcel, each a deed of its own.
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-deed-each]");
    if (!form || navigator.onLine) return;
    event.preventDefault();
    const numbers = new Set(form.elements.numbers.value.split(/[\s,，;；]+/).filter(Boolean));
    for (const number of numbers) {
      await courierQueue.add({ kind: form.dataset.deedEach, waybill_no: number, fields: [], files: [] });
    }
    form.reset();
    say("#kept-words");
    await sync();
  });

  // ---- a name written with a finger
  const write = (pad) => {
    const pen = pad.getContext("2d");
    const at = (event) => {
      const box = pad.getBoundingClientRect();
      return [(event.clientX - box.left) * pad.width / box.width, (event.clientY - box.top) * pad.height / box.height];
    };
    const fit = () => {
      if (pad.dataset.drawn) return;
      [pad.width, pad.height] = [pad.clientWidth * 2 || 600, pad.clientHeight * 2 || 280];
      Object.assign(pen, { lineWidth: 5, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
    };
    pad.addEventListener("pointerdown", (event) => { fit(); pad.setPointerCapture(event.pointerId); pen.beginPath(); pen.moveTo(...at(event)); });
    pad.addEventListener("pointermove", (event) => {
      if (!event.buttons) return;
      pad.dataset.drawn = "1";
      pen.lineTo(...at(event));
      pen.stroke();
    });
    one("[data-clear-sign]", pad.parentNode).addEventListener("click", () => { delete pad.dataset.drawn; fit(); });
  };

  // ---- the order of the day, by hand
  const order = (button) => {
    const rows = () => every(".c-row");
    button.hidden = rows().length < 2;
    button.addEventListener("click", async () => {
      if (!one(".c-order")) {
        rows().forEach((row) => row.append(one("#order-steps").content.cloneNode(true)));
        button.textContent = button.dataset.done;
        return;
      }
      every(".c-order").forEach((part) => part.remove());
      const numbers = rows().map((row) => row.dataset.no);
      const deed = await courierQueue.add({ kind: "order", waybill_no: numbers[0], fields: [["numbers", numbers.join(",")]], files: [] });
      await sync();
      if (answers.get(deed.id)?.state === "done") location.assign(bar.dataset.scope);
    });
    document.addEventListener("click", (event) => {
      const step = event.target.closest("[data-move]");
      const row = step?.closest(".c-row");
      if (!row) return;
      if (step.dataset.move === "-1") row.previousElementSibling?.before(row);
      else row.nextElementSibling?.after(row);
      rows().forEach((each, index) => { one(".y-seq", each).textContent = index + 1; });
      step.focus();
    });
  };

  // ---- a call goes out by the link; that it was tried is written down beside it
  const lend = async (address) => {
    try {
      const token = one("input[name=csrfmiddlewaretoken]").value;
      const how = { method: "POST", redirect: "manual", headers: { "X-CSRFToken": token }, signal: AbortSignal.timeout(3500) };
      const answer = await fetch(address, how);
      return answer.ok ? await answer.json() : null;
    } catch { return null; }
  };
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-attempt]");
    if (!link) return;
    const kind = link.dataset.attempt, fields = [["kind", kind]];
    if (link.dataset.lend) {
      event.preventDefault();
      const lent = await lend(link.dataset.lend);
      const number = lent?.dial ? `tel:${lent.dial}` : link.getAttribute("href");
      if (!number.startsWith("tel:")) { say("#no-number-words"); return; }
      if (lent?.reference) fields.push(["lent", lent.reference]);
      location.href = number;
    }
    await courierQueue.add({ kind: "contact", waybill_no: link.dataset.no, fields, files: [] });
    if (kind === "CALL") every("[data-after-call]").forEach((asked) => { asked.hidden = false; });
    sync();
  });

  // ---- before it goes into a locker: the question stands on the page, also without network
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-ask]");
    const asked = link && one(`#ask-${link.dataset.ask}`);
    if (!asked) return;
    event.preventDefault();
    document.body.append(asked.content.cloneNode(true));
    one("main > div").inert = true;
    one("[data-asked] [data-focus]")?.focus();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-unask]")) return;
    every("[data-asked]").forEach((sheet) => sheet.remove());
    one("main > [inert]")?.removeAttribute("inert");
  });

  // ---- pages to read where there is no network
  const copy = async (cache, address, stamp, body) => {
    const headers = { "content-type": "text/html; charset=utf-8", "x-stamp": stamp, "x-kept-at": new Date().toISOString() };
    const policy = body.headers.get("content-security-policy");
    if (policy) headers["content-security-policy"] = policy;
    await cache.put(address, new Response(await body.blob(), { headers }));
  };
  const prefetch = async () => {
    if (!window.caches || standing !== "sent" || location.pathname !== bar.dataset.scope) return;
    const cache = await caches.open(courierQueue.PAGES);
    const wanted = every(".y-stop[data-stamp]").map((stop) => [stop.getAttribute("href"), stop.dataset.stamp]);
    const day = await courierQueue.fact("day");
    wanted.unshift([location.pathname, `today ${Date.now()}`], [bar.dataset.cases, day]);
    const next = async () => {
      for (let page = wanted.shift(); page; page = wanted.shift()) {
        const [address, stamp] = page;
        await new Promise((done) => (window.requestIdleCallback || setTimeout)(done, { timeout: 1000 }));
        if ((await cache.match(address))?.headers.get("x-stamp") === stamp) continue;
        const answer = await fetch(address, { redirect: "manual", credentials: "same-origin" });
        if (answer.ok) await copy(cache, address, stamp, answer);
      }
    };
    await Promise.all([next(), next()]).catch(() => {});
    document.documentElement.dataset.kept = "1";
  };

  document.addEventListener("DOMContentLoaded", async () => {
    if (navigator.serviceWorker && isSecureContext) {
      navigator.serviceWorker.register(bar.dataset.worker, { scope: bar.dataset.scope }).catch(() => {});
    }
    one("[data-sync-now]").addEventListener("click", sync);
    every("canvas[data-sign]").forEach(write);
    every("[data-order]").forEach(order);
    await show();
    await sync();
    await prefetch();
  });
  addEventListener("online", sync);
  addEventListener("courier:queue", show);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sync(); });
  setInterval(async () => { if ((await courierQueue.all()).some((deed) => deed.state === "WAITING")) sync(); }, 20000);
})();
