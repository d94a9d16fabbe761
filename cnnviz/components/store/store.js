import { unpack } from "../shared/payload.js";
import { putStored } from "../shared/store.js";

export default function ({ data, parentElement }) {
  const { header, arrays } = unpack(data);
  putStored(parentElement.ownerDocument ?? document, header.name, arrays);
}
