// @ts-check
// The scanner: the rear camera, its torch, and barcodes and QR codes by zxing. Without any of these the photo
// form below does the same; the server decides what a scanned text means.
"use strict";

/** @typedef {{text: string}} Code */
/** @typedef {{readBarcodes: (picture: ImageData | Blob, options: object) => Promise<Code[]>,
 *    prepareZXingModule: (options: object) => void}} Zxing */

const EVERY_MS = 160;
const WIDEST = 1280;
const OPTIONS = {
  formats: ["Code128", "Code39", "Code93", "ITF", "EAN13", "Codabar", "QRCode", "DataMatrix", "PDF417"],
  tryHarder: true,
  tryRotate: true,
  maxNumberOfSymbols: 6,
};

const box = /** @type {HTMLElement} */ (document.querySelector("[data-scan]"));
const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (box.querySelector(`[data-${name}]`));
const video = /** @type {HTMLVideoElement} */ (part("video"));
const canvas = document.createElement("canvas");
/** @type {MediaStream | null} */
let stream = null;
/** @type {Promise<Zxing> | undefined} */
let reader;

/** Says one of the sentences that the page brought, in the reader's language. @param {string} word */
const say = (word) => {
  const said = box.querySelector(`[data-word="${word}"]`)?.textContent ?? "";
  if (part("said").textContent !== said) part("said").textContent = said;
  part("said").dataset.state = word;
};

/** zxing, fetched when it is first needed. @returns {Promise<Zxing>} */
const zxing = () => reader ??= new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = String(box.dataset.zxing);
  script.onerror = () => { reader = undefined; reject(new Error("zxing")); };
  script.onload = () => {
    const loaded = /** @type {Zxing} */ (/** @type {any} */ (window).ZXingWASM);
    loaded.prepareZXingModule({ overrides: { locateFile: () => String(box.dataset.wasm) }, fireImmediately: true });
    resolve(loaded);
  };
  document.head.append(script);
});

/** What may hold a number, or is a link to one of our own pages. @param {string} text */
const isOurs = (text) => /\d{6}|\d{3,4}[ -]\d{3,4}/.test(text) || text.startsWith(location.origin);

/** Every useful text in a picture, one a line. @param {ImageData | Blob} picture */
const read = async (picture) => {
  const codes = await (await zxing()).readBarcodes(picture, OPTIONS);
  const texts = codes.map((code) => code.text).filter(Boolean);
  return { sawAny: texts.length > 0, text: texts.filter(isOurs).join("\n") };
};

/** @param {string} text */
const open = (text) => {
  say("found");
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(60);
  stop();
  location.assign(`${box.dataset.to}?${new URLSearchParams({ q: text.slice(0, 1500) })}`);
};

const stop = () => {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  part("eye").hidden = part("torch").hidden = true;
  part("start").hidden = false;
};

/** Looks at the camera's picture again and again until there is a number in it. */
const look = async () => {
  while (stream) {
    const share = Math.min(1, WIDEST / (video.videoWidth || WIDEST));
    canvas.width = Math.round(video.videoWidth * share);
    canvas.height = Math.round(video.videoHeight * share);
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    if (pen && canvas.width && canvas.height) {
      pen.drawImage(video, 0, 0, canvas.width, canvas.height);
      const { sawAny, text } = await read(pen.getImageData(0, 0, canvas.width, canvas.height));
      if (stream && text) return open(text);
      if (sawAny) say("other");
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
};

/** Why there is no camera, as one of the page's words. @param {unknown} error */
const whyNot = (error) => {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return name === "NotFoundError" || name === "OverconstrainedError" ? "none" : "broken";
};

/** The camera's light, where it has one. */
const offerTorch = () => {
  const track = stream?.getVideoTracks()[0];
  const can = /** @type {any} */ (track?.getCapabilities?.());
  part("torch").hidden = !can?.torch;
};

const start = async () => {
  part("start").hidden = true;
  if (!navigator.mediaDevices?.getUserMedia) return say(window.isSecureContext ? "none" : "insecure");
  say("asking");
  try {
    const wanted = { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } };
    stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    video.srcObject = stream;
    part("eye").hidden = false;
    await video.play();
    offerTorch();
    await zxing();
    say("looking");
    await look();
  } catch (error) {
    stop();
    say(whyNot(error));
  }
};

part("start").addEventListener("click", start);
part("torch").addEventListener("click", () => {
  const isOn = part("torch").getAttribute("aria-pressed") !== "true";
  part("torch").setAttribute("aria-pressed", String(isOn));
  stream?.getVideoTracks()[0].applyConstraints(/** @type {any} */ ({ advanced: [{ torch: isOn }] })).catch(() => {});
});
// a photo is read here when it can be: nothing is sent then
document.querySelector("[data-photo] [type=file]")?.addEventListener("change", async (event) => {
  const input = /** @type {HTMLInputElement} */ (event.target);
  if (!input.files?.[0]) return;
  say("reading");
  const { text } = await read(input.files[0]).catch(() => ({ text: "" }));
  if (text) open(text); else input.form?.requestSubmit();
});
document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); });
box.hidden = false;
start();
