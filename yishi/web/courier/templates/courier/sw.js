{% load static %}// Keeps the courier's pages for where there is no network: the newest copy of today, and no other day's.
"use strict";
const PAGES = "yishi-courier-pages";
const FIXED = "yishi-courier-fixed-1";
const OFFLINE = "{% url 'courier:offline' %}";
const HOME = "{% url 'courier:today' %}";
const STATIC = new URL("{% static 'yishi/mark.svg' %}", location.href).pathname.replace(/yishi\/mark.*$/, "");
const FILES = [OFFLINE, "{% static 'vendor/pages.css' %}", "{% static 'courier/courier.css' %}", "{% static 'yishi/yishi.js' %}",
  "{% static 'courier/queue.js' %}", "{% static 'courier/courier.js' %}", "{% static 'yishi/icons.svg' %}", "{% static 'yishi/mark.svg' %}"];
const PATIENCE = 8000;

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(FIXED).then((cache) => cache.addAll(FILES)));
});
addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("yishi-courier-fixed") && name !== FIXED) await caches.delete(name);
  await clients.claim();
})()));

// Files never change under their name: what is there is right.
const file = async (request) => {
  const kept = await caches.match(request, { cacheName: FIXED });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(FIXED)).put(request, answer.clone());
  return answer;
};
const isOfToday = (kept) => new Date(kept.headers.get("x-kept-at")).toDateString() === new Date().toDateString();

const page = async (request) => {
  const address = new URL(request.url).pathname;
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    // nobody is signed in any more: nothing is left to read
    if (answer.redirected && !new URL(answer.url).pathname.startsWith(HOME)) await caches.delete(PAGES);
    if (answer.type === "opaqueredirect") return answer;
    if (answer.ok && !answer.redirected && !new URL(request.url).search) await keep(address, answer.clone());
    return answer;
  } catch (broken) {
    const kept = await caches.match(address, { cacheName: PAGES });
    if (kept && isOfToday(kept)) return kept;
    if (kept) await caches.delete(PAGES);
    return (await caches.match(OFFLINE, { cacheName: FIXED })) || Promise.reject(broken);
  }
};
const keep = async (address, answer) => {
  if (address === OFFLINE || !(answer.headers.get("content-type") || "").startsWith("text/html")) return;
  const headers = new Headers(answer.headers);
  headers.delete("content-encoding");
  headers.set("x-kept-at", new Date().toISOString());
  await (await caches.open(PAGES)).put(address, new Response(await answer.blob(), { headers }));
};

addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith(STATIC)) event.respondWith(file(event.request));
  else if (event.request.mode === "navigate" && url.pathname.startsWith(HOME)) event.respondWith(page(event.request));
});
