import { publish } from "../shared/channel.js";
import { unpack } from "../shared/payload.js";

// What Python answers to a part that stays as it is: that part listens, and its own texts travel once.
export default function ({ data, parentElement }) {
  const answer = unpack(data);
  publish(parentElement.ownerDocument ?? document, answer.header.to, answer);
}
