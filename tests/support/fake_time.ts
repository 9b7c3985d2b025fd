/**
 * Timers that a test lets run.
 *
 * @module
 */

interface Timer {
  readonly id: number;
  readonly run: () => void;
  at: number;
  readonly every: number | undefined;
}

/** Takes the place of `setTimeout()` and `setInterval()` until it is disposed of. */
export class FakeTime implements Disposable {
  /** The time, in ms. */
  now = 0;
  readonly #timers = new Map<number, Timer>();
  readonly #real = { setTimeout, clearTimeout, setInterval, clearInterval };
  #count = 0;

  constructor() {
    const clear = (id?: number) => void this.#timers.delete(id ?? 0);
    Object.assign(globalThis, {
      setTimeout: (run: () => void, ms = 0) => this.#add(run, ms, undefined),
      setInterval: (run: () => void, ms = 0) => this.#add(run, ms, ms),
      clearTimeout: clear,
      clearInterval: clear,
    });
  }

  /** Lets time pass, and runs what is due. */
  pass(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const [next] = [...this.#timers.values()].sort((a, b) => a.at - b.at || a.id - b.id);
      if (!next || next.at > until) break;
      this.now = Math.max(this.now, next.at);
      if (next.every === undefined) this.#timers.delete(next.id);
      else next.at += next.every;
      next.run();
    }
    this.now = until;
  }

  /** The same, with a turn for promises after each step of some ms. */
  async passSlowly(ms: number, step = 100): Promise<void> {
    for (let passed = 0; passed < ms; passed += step) {
      this.pass(Math.min(step, ms - passed));
      for (let i = 0; i < 20; i++) await undefined;
    }
  }

  [Symbol.dispose](): void {
    Object.assign(globalThis, this.#real);
  }

  #add(run: () => void, ms: number, every: number | undefined): number {
    const id = ++this.#count;
    this.#timers.set(id, { id, run, at: this.now + ms, every });
    return id;
  }
}
