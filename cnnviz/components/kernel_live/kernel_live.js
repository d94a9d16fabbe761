import { publish } from "../shared/channel.js";
import { unpack } from "../shared/payload.js";

// What changes with every dragged cell: the lab (kernel_lab.js) listens, and is itself not mounted anew. The lab also
// sends through this part, because it alone stands in the fragment that runs again.
export default function ({ data, parentElement, setStateValue }) {
  publish(parentElement.ownerDocument ?? document, "kernel-lab", { ...unpack(data), setStateValue });
}
