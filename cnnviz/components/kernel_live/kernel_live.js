import { publish } from "../shared/channel.js";
import { unpack } from "../shared/payload.js";

// What changes with every dragged cell or movement of a pen: the part that listens on the channel (kernel_lab.js,
// lenet.js) is itself not mounted anew. It also sends through this part, because it alone stands in the fragment that runs again.
export default function ({ data, parentElement, setStateValue }) {
  const live = unpack(data);
  publish(parentElement.ownerDocument ?? document, live.header.channel ?? "kernel-lab", { ...live, setStateValue });
}
