// Reads what payload.py packed: one Uint8Array holding a JSON header and raw arrays.

/**
 * @typedef {{dtype: string, shape: number[], data: any}} NamedArray
 * @typedef {{header: any, arrays: Object<string, NamedArray>}} Payload
 */

const PAYLOAD_TYPES = {
  uint8: Uint8Array, int8: Int8Array, uint16: Uint16Array, int16: Int16Array,
  int32: Int32Array, float32: Float32Array, float64: Float64Array,
};

/**
 * @param {Uint8Array} bytes
 * @returns {Payload}
 */
export function unpack(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true);
  const { arrays: layout, ...header } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const arrays = {};
  for (const [name, { dtype, shape, offset }] of Object.entries(layout)) {
    const Type = PAYLOAD_TYPES[dtype];
    const count = shape.reduce((a, b) => a * b, 1);
    const start = bytes.byteOffset + 4 + length + offset;
    // A copy where the message left the array unaligned: typed arrays cannot start anywhere.
    const data = start % Type.BYTES_PER_ELEMENT === 0
      ? new Type(bytes.buffer, start, count)
      : new Type(bytes.buffer.slice(start, start + count * Type.BYTES_PER_ELEMENT));
    arrays[name] = { dtype, shape, data };
  }
  return { header, arrays };
}
