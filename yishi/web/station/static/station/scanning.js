// Whatever scans types into the scan field: a scanner wherever the focus is, and a phone's camera.
(() => {
  "use strict";
  const input = document.querySelector(".y-scanbox input:not([type=hidden])");
  if (!input) return;

  // a scanner is a keyboard that does not look where it types; its Enter must never press a button
  document.addEventListener("keydown", (event) => {
    const press = event.key === " " && document.activeElement === input && !input.value
      && document.querySelector("[data-space]");
    if (press) { event.preventDefault(); press.click(); return; }
    if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey) return;
    const here = document.activeElement;
    if (here?.matches("select, textarea, input:not([type=checkbox], [type=radio], [type=file])")) return;
    input.focus();
    input.select();
  });

  const AGAIN_MS = 2500, EVERY_MS = 160, WIDEST = 1280;
  const OPTIONS = {
    formats: ["Code128", "Code39", "Code93", "ITF", "EAN13", "Codabar", "QRCode", "DataMatrix"],
    tryHarder: true, tryRotate: true, maxNumberOfSymbols: 4,
  };
  const parts = document.getElementById("camera");
  if (!parts || !navigator.mediaDevices?.getUserMedia) return;
  const box = input.closest(".y-scanbox"), canvas = document.createElement("canvas"), seen = new Map();
  let stream = null, reader, panel;

  const zxing = () => reader ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = parts.dataset.zxing;
    script.onerror = () => { reader = undefined; failed(new Error("zxing")); };
    script.onload = () => {
      window.ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => parts.dataset.wasm }, fireImmediately: true });
      done(window.ZXingWASM);
    };
    document.head.append(script);
  });
  const say = (word) => {
    panel.querySelector("[data-said]").textContent = panel.querySelector(`[data-word="${word}"]`).textContent;
  };
  const track = () => stream?.getVideoTracks()[0];

  // a code that stays before the camera counts once; the next parcel's is another
  const isNew = (text) => {
    const last = seen.get(text) || 0;
    seen.set(text, Date.now());
    return Date.now() - last > AGAIN_MS;
  };
  const take = (text) => {
    input.value = text.slice(0, input.maxLength > 0 ? input.maxLength : 300);
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(60);
    input.form.requestSubmit();
  };
  const look = async () => {
    const video = panel.querySelector("video"), pen = canvas.getContext("2d", { willReadFrequently: true });
    while (stream) {
      const share = Math.min(1, WIDEST / (video.videoWidth || WIDEST));
      canvas.width = Math.round(video.videoWidth * share);
      canvas.height = Math.round(video.videoHeight * share);
      if (canvas.width && canvas.height) {
        pen.drawImage(video, 0, 0, canvas.width, canvas.height);
        const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
        const codes = await (await zxing()).readBarcodes(picture, OPTIONS);
        const text = codes.map((code) => code.text.trim()).find(Boolean);
        if (stream && text && isNew(text)) take(text);
      }
      await new Promise((later) => setTimeout(later, EVERY_MS));
    }
  };

  const stop = () => {
    track()?.stop();
    stream = null;
    input.inputMode = "";
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
  };
  const start = async () => {
    if (!panel) {
      panel = parts.content.querySelector("[data-panel-eye]").cloneNode(true);
      (box.tagName === "FORM" ? box : box.closest("form") || box).after(panel);
      panel.querySelector("[data-stop]").addEventListener("click", () => { stop(); input.focus(); });
      panel.querySelector("[data-torch]").addEventListener("click", (event) => {
        const isOn = event.currentTarget.getAttribute("aria-pressed") !== "true";
        event.currentTarget.setAttribute("aria-pressed", String(isOn));
        track()?.applyConstraints({ advanced: [{ torch: isOn }] }).catch(() => {});
      });
    }
    panel.hidden = false;
    panel.querySelector(".y-eye").hidden = true;
    button.setAttribute("aria-expanded", "true");
    // the keyboard of the phone stays away while the camera types
    input.inputMode = "none";
    say("asking");
    try {
      const wanted = { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } };
      stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
      const video = panel.querySelector("video");
      video.srcObject = stream;
      panel.querySelector(".y-eye").hidden = false;
      await video.play();
      panel.querySelector("[data-torch]").hidden = !track()?.getCapabilities?.().torch;
      await zxing();
      say("looking");
      await look();
    } catch (error) {
      track()?.stop();
      stream = null;
      panel.querySelector(".y-eye").hidden = true;
      say(["NotAllowedError", "SecurityError"].includes(error.name) ? "refused" : "none");
    }
  };

  const button = parts.content.querySelector("[data-open]").cloneNode(true);
  button.addEventListener("click", () => { if (stream) stop(); else start(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && stream) stop(); });
  navigator.mediaDevices.enumerateDevices().then((all) => {
    if (all.some((one) => one.kind === "videoinput")) box.append(button);
  }).catch(() => {});
})();
