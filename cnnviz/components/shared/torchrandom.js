// PyTorch's random numbers in the browser: after torch.manual_seed(seed), the same integers and the same first weights.
// Both are the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), which torch uses on the CPU.

const TWISTER_SIZE = 624;

/** A function that gives the twister's next 32 bits. */
export function mersenneTwister(seed) {
  const state = new Uint32Array(TWISTER_SIZE);
  state[0] = seed;
  for (let i = 1; i < TWISTER_SIZE; i++) {
    state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
  }
  let next = TWISTER_SIZE;
  return () => {
    if (next === TWISTER_SIZE) {
      for (let i = 0; i < TWISTER_SIZE; i++) {
        const mixed = (state[i] & 0x80000000) | (state[(i + 1) % TWISTER_SIZE] & 0x7fffffff);
        state[i] = state[(i + 397) % TWISTER_SIZE] ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
      }
      next = 0;
    }
    let y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
}

/** What torch.manual_seed(seed); torch.randint(low, high, (count,)) gives. */
export function torchRandint(seed, low, high, count) {
  const bits = mersenneTwister(seed);
  return Float64Array.from({ length: count }, () => (bits() % (high - low)) + low);
}

/** What torch.manual_seed(seed); torch.rand(count, dtype=torch.float64) gives: 53 bits of two numbers each. */
export function torchRand(seed, count) {
  const bits = mersenneTwister(seed);
  return Float64Array.from({ length: count }, () => {
    const high = bits() & 0x1fffff;
    return (high * 2 ** 32 + bits()) * 2 ** -53;
  });
}

/**
 * What torch.manual_seed(seed); torch.nn.Conv2d(1, 1, (rows, columns)) starts with: weights and bias, uniform between
 * -1/sqrt(rows·columns) and 1/sqrt(rows·columns), as float32.
 */
export function torchConvStart(seed, rows, columns) {
  const bits = mersenneTwister(seed);
  const bound = 1 / Math.sqrt(rows * columns);
  const draw = () => Math.fround(((bits() & 0xffffff) / 2 ** 24) * (2 * Math.fround(bound)) - Math.fround(bound));
  const weights = Float64Array.from({ length: rows * columns }, draw);
  return { weights, bias: draw() };
}
