import { publish } from "../shared/channel.js";
import { unpack } from "../shared/payload.js";

// What changes with every dragged cell: the lab (kernel_lab.js) listens, and is itself not mounted anew.
export default function ({ data, parentElement }) {
  publish(parentElement.ownerDocument ?? document, "kernel-lab", unpack(data));
}
