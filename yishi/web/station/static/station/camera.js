// A telephone's camera as the scanner: what it reads is typed into the field and sent, one parcel after another.
(() => {
  "use strict";
  const box = document.querySelector("[data-camera]");
  const form = document.getElementById("scan-form"), input = document.getElementById("scan");
  if (!box || !form || !navigator.mediaDevices?.getUserMedia) return;
  const part = (name) => box.querySelector(`[data-${name}]`);
  const video = part("video"), canvas = document.createElement("canvas");
  const OPTIONS = {
    formats: ["Code128", "Code39", "Code93", "ITF", "Codabar", "QRCode", "DataMatrix"],
    tryHarder: true, tryRotate: true, maxNumberOfSymbols: 2,
  };
  const EVERY_MS = 150, WIDEST = 1280;
  const AGAIN_MS = 4000; // the same label stays before the camera for a while
  let stream = null, reader, last = "", lastAt = 0;

  const say = (word) => { part("said").textContent = box.querySelector(`[data-word="${word}"]`).textContent; };
  const zxing = () => reader ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = box.dataset.zxing;
    script.onerror = () => { reader = undefined; failed(new Error("zxing")); };
    script.onload = () => {
      window.ZXingWASM.prepareZXingModule({
        overrides: { locateFile: () => box.dataset.wasm }, fireImmediately: true,
      });
      done(window.ZXingWASM);
    };
    document.head.append(script);
  });

  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    part("eye").hidden = part("stop").hidden = true;
    part("start").hidden = false;
    part("said").textContent = "";
  };
  const take = (text) => {
    const at = Date.now();
    const isSame = text === last && at - lastAt < AGAIN_MS;
    if (text === last || !isSame) lastAt = at;
    last = text;
    if (isSame) return;
    navigator.vibrate?.(60);
    input.value = text.trim().slice(0, input.maxLength > 0 ? input.maxLength : 300);
    say("taken");
    form.requestSubmit();
  };
  const look = async () => {
    const tools = await zxing();
    while (stream) {
      const share = Math.min(1, WIDEST / (video.videoWidth || WIDEST));
      canvas.width = Math.round(video.videoWidth * share);
      canvas.height = Math.round(video.videoHeight * share);
      const pen = canvas.getContext("2d", { willReadFrequently: true });
      if (canvas.width && canvas.height) {
        pen.drawImage(video, 0, 0, canvas.width, canvas.height);
        const seen = await tools.readBarcodes(pen.getImageData(0, 0, canvas.width, canvas.height), OPTIONS);
        const found = seen.map((one) => one.text).find((text) => text.length > 3);
        if (stream && found) take(found);
      }
      await new Promise((done) => setTimeout(done, EVERY_MS));
    }
  };
  const start = async () => {
    part("start").hidden = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } },
      });
      video.srcObject = stream;
      part("eye").hidden = part("stop").hidden = false;
      await video.play();
      say("looking");
      await look();
    } catch (error) {
      const isRefused = error.name === "NotAllowedError" || error.name === "SecurityError";
      stop();
      say(isRefused ? "refused" : "none");
    }
  };
  part("start").addEventListener("click", start);
  part("stop").addEventListener("click", stop);
  document.addEventListener("visibilitychange", () => { if (document.hidden && stream) stop(); });
  // a desk has its scanner: the camera is offered where there is a finger and no keyboard
  box.hidden = !matchMedia("(pointer: coarse)").matches;
})();
