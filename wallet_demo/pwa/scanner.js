/** QR codes from a picture or the camera: the browser's own reader, else one loaded on demand. */
import { Problem } from "./problems.js";
import { _ } from "./words.js";

async function native() {
  if (!("BarcodeDetector" in globalThis)) return null;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  return formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
}

async function reader() {
  const detector = await native();
  if (detector) return async (source) => (await detector.detect(source))[0]?.rawValue ?? null;
  const { default: QrScanner } = await import("./vendor/qr-scanner-1.4.2.min.js");
  const engine = await QrScanner.createQrEngine();
  const options = { qrEngine: engine, returnDetailedScanResult: true };
  return (source) => QrScanner.scanImage(source, options).then((found) => found.data, () => null);
}

/** Read the code in a picture file. */
export async function scanPicture(file) {
  const read = await reader();
  const picture = await createImageBitmap(file).catch(() => null);
  const found = picture && (await read(picture));
  if (found) return found;
  throw new Problem(_("There is no QR code in this picture that can be read"), _("Take a sharper one."));
}

/** Show the camera in `video` until a code is seen or `signal` ends it; return what it says. */
export async function scanCamera(video, signal) {
  const wish = { video: { facingMode: "environment" } };
  const stream = await navigator.mediaDevices?.getUserMedia(wish).catch(() => null);
  if (!stream) {
    throw new Problem(
      _("The camera cannot be used"),
      _("Allow it in the browser, or paste the link or a picture of the code."),
    );
  }
  try {
    video.srcObject = stream;
    await video.play();
    const read = await reader();
    while (!signal.aborted) {
      const found = await read(video);
      if (found) return found;
      await new Promise((done) => setTimeout(done, 150));
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}
