// A player's clock and its bar: play, pause, step, back, first, last, scrub, speed; by mouse, by key, by a remote.
// It knows how many steps there are and which is shown, nothing of what a step is. Nothing starts by itself.

export const SPEEDS = ["0.25", "0.5", "1", "2", "4", "8", "16"];
const STEPS_PER_SECOND = 2; // at speed 1

/**
 * @typedef {{count: () => number, step: () => number, go: (step: number, how: {playing: boolean}) => void,
 *   speed: () => string, setSpeed: (speed: string) => void, rest: () => void}} Playable
 */

/** The speed after this one, or before it (`by` −1). */
export function nextSpeed(speed, by) {
  const at = SPEEDS.indexOf(speed) + by;
  return SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at))];
}

/** How many whole steps have come due since `since` ms, and the time up to which they are paid. */
export function stepsDue(since, now, speed) {
  const length = 1000 / (STEPS_PER_SECOND * Number(speed));
  const due = Math.floor((now - since) / length);
  return { due, paid: since + due * length };
}

/** What a key asks of a player, or null. */
export function keyOrder(key) {
  const orders = {
    " ": "play", Spacebar: "play", ArrowRight: "step", ArrowLeft: "back", PageDown: "step", PageUp: "back",
    Home: "first", End: "last", "+": "faster", "=": "faster", "-": "slower", "\u2212": "slower", _: "slower",
  };
  return orders[key] ?? null;
}

export class Transport {
  /** @param {Playable} playable @param {(task: (now: number) => void) => number} nextFrame */
  constructor(playable, nextFrame = (task) => requestAnimationFrame(task)) {
    this.on = playable;
    this.nextFrame = nextFrame;
    this.playing = false;
    this.since = 0;
  }

  /** Do what a button or a key asks. @returns {boolean} whether it was understood */
  order(name) {
    const last = this.on.count() - 1;
    const moves = { first: 0, last, step: Math.min(last, this.on.step() + 1), back: Math.max(0, this.on.step() - 1) };
    if (name === "play") this.toggle();
    else if (name === "faster" || name === "slower") this.on.setSpeed(nextSpeed(this.on.speed(), name === "faster" ? 1 : -1));
    else if (name in moves) this.to(moves[name]);
    else return false;
    return true;
  }

  /** Go to a step and stay there. */
  to(step) {
    this.pause();
    this.on.go(Math.max(0, Math.min(this.on.count() - 1, step)), { playing: false });
    this.on.rest();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** From here; from the start again where the end is reached. */
  play() {
    if (this.playing) return;
    this.playing = true;
    this.since = 0;
    const from = this.on.step() >= this.on.count() - 1 ? 0 : this.on.step();
    this.on.go(from, { playing: true });
    const tick = (now) => {
      if (!this.playing) return;
      this.advance(now);
      if (this.playing) this.nextFrame(tick);
    };
    this.nextFrame(tick);
  }

  advance(now) {
    if (this.since === 0) this.since = now;
    const { due, paid } = stepsDue(this.since, now, this.on.speed());
    if (due === 0) return;
    this.since = paid;
    const last = this.on.count() - 1;
    const next = Math.min(last, this.on.step() + due);
    this.on.go(next, { playing: true });
    if (next === last) this.pause();
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.on.go(this.on.step(), { playing: false });
    this.on.rest();
  }
}
