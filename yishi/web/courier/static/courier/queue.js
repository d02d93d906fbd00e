// What the courier does is first kept on his telephone, then sent: in order, each once, and nothing is lost.
window.courierQueue = (() => {
  "use strict";
  const PAGES = "yishi-courier-pages";
  const KEPT_FOR = 7 * 86400e3; // deeds of somebody who never signed in here again
  let opening = null, running = null;

  const wish = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const open = () => {
    opening ??= new Promise((done, failed) => {
      const request = indexedDB.open("yishi-courier", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("deeds", { keyPath: "seq", autoIncrement: true });
        request.result.createObjectStore("facts");
      };
      request.onsuccess = () => done(request.result);
      request.onerror = () => { opening = null; failed(request.error); };
    });
    return opening;
  };
  const store = async (name, mode) => (await open()).transaction(name, mode).objectStore(name);
  // a write counts once its transaction has ended, not before
  const write = async (name, what) => {
    const transaction = (await open()).transaction(name, "readwrite");
    const ended = new Promise((done, failed) => {
      transaction.oncomplete = done;
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
    const request = what(transaction.objectStore(name));
    await ended;
    return request.result;
  };
  const fact = async (key) => wish((await store("facts", "readonly")).get(key));
  const know = (key, value) => write("facts", (facts) => facts.put(value, key));
  const all = async () => {
    const who = await fact("account");
    const deeds = await wish((await store("deeds", "readonly")).getAll());
    return deeds.filter((deed) => deed.account === who);
  };
  const put = (deed) => write("deeds", (deeds) => deeds.put(deed));
  const drop = (seq) => write("deeds", (deeds) => deeds.delete(seq));
  const told = () => dispatchEvent(new Event("courier:queue"));

  const wipe = async () => { if (window.caches) await caches.delete(PAGES); };

  // Another person, or another day: what was kept to read goes. What was done stays until it has been sent.
  const settle = async (now) => {
    const [account, day] = [await fact("account"), await fact("day")];
    if (account !== now.account || day !== now.day) {
      if (account !== undefined) await wipe();
      await know("account", now.account);
      await know("day", now.day);
    }
    const deeds = await wish((await store("deeds", "readonly")).getAll());
    for (const deed of deeds) {
      if (deed.account !== now.account && Date.now() - Date.parse(deed.made_at) > KEPT_FOR) await drop(deed.seq);
    }
  };

  const newId = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return [...bytes].map((b, i) => ([4, 6, 8, 10].includes(i) ? "-" : "") + b.toString(16).padStart(2, "0")).join("");
  };

  const add = async (deed) => {
    const whole = { ...deed, id: newId(), account: await fact("account"), made_at: new Date().toISOString(), state: "WAITING" };
    whole.seq = await write("deeds", (deeds) => deeds.add(whole));
    if (navigator.storage?.persist) navigator.storage.persist().catch(() => {});
    told();
    return whole;
  };

  const send = async (deed, now, address) => {
    const body = new FormData();
    for (const [name, value] of deed.fields) body.append(name, value);
    for (const [name, blob, file] of deed.files) body.append(name, blob, file);
    const said = { deed: deed.kind, deed_id: deed.id, waybill_no: deed.waybill_no, made_at: deed.made_at };
    for (const name in said) body.set(name, said[name]);
    body.set("sent_at", new Date().toISOString());
    const answer = await fetch(address, {
      method: "POST", body, redirect: "manual", credentials: "same-origin", headers: { "X-CSRFToken": now.csrf },
    });
    const is_ours = (answer.headers.get("content-type") || "").startsWith("application/json");
    if (is_ours) return answer.json();
    // too large, or no form at all: sending it again will not help, the rest must not wait for it
    if ([400, 413, 415].includes(answer.status)) return { state: "refused", said: "" };
    return null;
  };

  // "sent", "offline", "signed-out", or "later" when the server cannot take it now.
  const run = async (line) => {
    let now;
    try {
      const answer = await fetch(line.state, { redirect: "manual", cache: "no-store", credentials: "same-origin" });
      if (answer.type === "opaqueredirect" || answer.status === 401) return "signed-out";
      if (!answer.ok) return "later";
      now = await answer.json();
    } catch { return "offline"; }
    await settle(now);
    for (const deed of (await all()).filter((one) => one.state === "WAITING")) {
      let answer;
      try { answer = await send(deed, now, line.deeds); } catch { return "offline"; }
      if (answer === null) return "later";
      if (answer.state === "done") await drop(deed.seq);
      else await put({ ...deed, state: "REFUSED", said: answer.said, code: answer.code });
      dispatchEvent(new CustomEvent("courier:answer", { detail: { id: deed.id, ...answer } }));
      told();
    }
    return "sent";
  };
  const sync = (line) => {
    const once = () => run(line).catch(() => "later");
    // two tabs of one telephone take turns
    running ??= (navigator.locks ? navigator.locks.request("yishi-courier", once) : once()).finally(() => { running = null; });
    return running;
  };

  return { PAGES, add, all, drop, fact, sync, told, wipe };
})();

// The page of the sign-in: nobody is signed in, so nothing is left to read.
if (document.querySelector("[data-wipe-round]")) courierQueue.wipe().catch(() => {});
