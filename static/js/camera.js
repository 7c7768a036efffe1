/* camera.js: the camera as a second way of scanning at the dock, beside a scanner and typing.
   The button shows only where there may be a camera. The browser's own reader is taken where it knows Code 128, else
   the vendored one, which is fetched when somebody presses the button. Pictures never leave the browser. */
(function () {
  "use strict";

  const FORMATS = { code_128: "Code128", code_39: "Code39", itf: "ITF", codabar: "Codabar" };
  const EVERY = 150; /* milliseconds between two looks */

  const part = document.querySelector("[data-camera]");
  const field = document.getElementById("scan");
  if (!part || !field || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
  const button = part.querySelector("button");
  const video = part.querySelector("video");
  const words = part.querySelector("[role=status]");
  let stream = null;
  let turns = 0; /* how often the camera was begun or let go of: what belongs to an earlier turn is over */

  function say(which) {
    words.textContent = which ? part.dataset[which] : "";
  }

  /* The browser's own reader; null where it has none for the codes on our slips. */
  async function builtIn() {
    if (!("BarcodeDetector" in window)) return null;
    const known = await BarcodeDetector.getSupportedFormats();
    const formats = Object.keys(FORMATS).filter((format) => known.includes(format));
    if (!formats.includes("code_128")) return null;
    const detector = new BarcodeDetector({ formats });
    return async () => ((await detector.detect(video))[0] || {}).rawValue || "";
  }

  function load(source) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = source;
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      document.head.append(script);
    });
  }

  async function vendored() {
    if (!window.ZXingWASM) await load(part.dataset.reader);
    const overrides = { locateFile: () => part.dataset.wasm };
    await window.ZXingWASM.prepareZXingModule({ overrides, fireImmediately: true });
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true });
    return async () => {
      if (!video.videoWidth) return "";
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      context.drawImage(video, 0, 0);
      const picture = context.getImageData(0, 0, canvas.width, canvas.height);
      const options = { formats: Object.values(FORMATS), maxNumberOfSymbols: 1 };
      return ((await window.ZXingWASM.readBarcodes(picture, options))[0] || {}).text || "";
    };
  }

  /* From the press on, also while the browser still asks whether it may. */
  function isOn() {
    return button.getAttribute("aria-pressed") === "true";
  }

  function stop() {
    turns += 1;
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    video.hidden = true;
    button.setAttribute("aria-pressed", "false");
  }

  /* Some of the codes have no check character, so a text counts once it was read twice in a row. */
  async function look(read, own) {
    let before = "";
    while (stream === own) {
      const text = await read();
      if (stream !== own) return;
      if (text && text === before) {
        stop();
        field.value = text;
        field.form.requestSubmit();
        return;
      }
      before = text;
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }

  async function start() {
    const turn = (turns += 1);
    say("starting");
    button.setAttribute("aria-pressed", "true");
    let own;
    try {
      own = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      if (turn !== turns) return;
      stop();
      say("refused");
      return;
    }
    if (turn !== turns) {
      /* Somebody let go of it while the browser asked whether it may. */
      own.getTracks().forEach((track) => track.stop());
      return;
    }
    stream = own;
    try {
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      const read = (await builtIn()) || (await vendored());
      if (stream !== own) return;
      say("looking");
      await look(read, own);
    } catch {
      if (stream !== own) return;
      stop();
      say("broken");
    }
  }

  button.addEventListener("click", () => {
    if (isOn()) {
      stop();
      say("");
      field.focus();
    } else start();
  });
  part.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOn()) {
      stop();
      say("");
      field.focus();
    }
  });
  window.addEventListener("pagehide", stop);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && stream) {
      stop();
      say("");
    }
  });
  part.hidden = false;
})();
