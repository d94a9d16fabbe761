// The camera: a dialog with the live picture and one button. Says in one sentence why there is none, and what to do.

/**
 * Which of our sentences explains a camera that does not come.
 * @param {{mediaDevices?: any}} browser the navigator: without a secure address it has no mediaDevices
 * @param {{name?: string} | null} error what getUserMedia said
 */
export function cameraFault(browser, error) {
  if (!browser.mediaDevices?.getUserMedia) return "camera_https";
  const known = {
    NotFoundError: "camera_none", OverconstrainedError: "camera_none",
    NotAllowedError: "camera_denied", SecurityError: "camera_denied",
    NotReadableError: "camera_busy", AbortError: "camera_busy",
  };
  return known[error?.name ?? ""] ?? "camera_failed";
}

/** @type {WeakMap<object, {stream: any, back: boolean, wanted: number}>} */
const CAMERAS = new WeakMap();

function stopCamera(dialog) {
  const state = CAMERAS.get(dialog);
  for (const track of state?.stream?.getTracks() ?? []) track.stop();
  if (state) {
    state.stream = null;
    state.wanted += 1; // a stream that is still on its way must not be kept
  }
}

async function startCamera(dialog, texts) {
  const state = CAMERAS.get(dialog);
  const [video, says, shoot, turn] = ["video", ".says", ".shoot", ".turn"].map((s) => dialog.querySelector(s));
  stopCamera(dialog);
  const mine = state.wanted;
  shoot.disabled = true;
  says.textContent = texts.camera_wait;
  try {
    if (!navigator.mediaDevices?.getUserMedia) throw new TypeError("no media devices");
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { width: { ideal: 1280 }, height: { ideal: 960 }, facingMode: state.back ? "environment" : "user" },
    });
    if (mine !== state.wanted || !dialog.open) return stream.getTracks().forEach((track) => track.stop());
    state.stream = stream;
    video.srcObject = stream;
    await video.play();
    says.textContent = "";
    shoot.disabled = false;
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((d) => d.kind === "videoinput");
    turn.hidden = cameras.length < 2;
  } catch (error) {
    if (mine === state.wanted) says.textContent = texts[cameraFault(navigator, /** @type {any} */ (error))];
  }
}

/** The frame now, as a PNG file. */
function shootFrame(video, give) {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  canvas.toBlob((blob) => blob && give(blob), "image/png");
}

/**
 * Open the camera in `dialog`; a photograph goes to `take`.
 * @param {HTMLDialogElement} dialog
 * @param {Object<string, string>} texts
 * @param {(photo: Blob) => void} take
 */
export function openCamera(dialog, texts, take) {
  if (!CAMERAS.has(dialog)) CAMERAS.set(dialog, { stream: null, back: true, wanted: 0 });
  const video = /** @type {HTMLVideoElement} */ (dialog.querySelector("video"));
  dialog.querySelector("h2").textContent = texts.camera_title_long;
  video.setAttribute("aria-label", texts.camera_live);
  const button = (name, text, act) => {
    const el = /** @type {HTMLButtonElement} */ (dialog.querySelector(name));
    el.textContent = text;
    el.onclick = act;
  };
  button(".shoot", texts.camera_shoot, () => {
    shootFrame(video, take);
    dialog.close();
  });
  button(".turn", texts.camera_turn, () => {
    const state = CAMERAS.get(dialog);
    state.back = !state.back;
    startCamera(dialog, texts);
  });
  button(".close", texts.close, () => dialog.close());
  dialog.onclose = () => stopCamera(dialog);
  dialog.showModal();
  startCamera(dialog, texts);
}

/** Switch the camera off; called when the part leaves the page. */
export function closeCamera(dialog) {
  stopCamera(dialog);
  if (dialog.open) dialog.close();
}
