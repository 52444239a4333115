// Runs named steps one after the other and prints what came of each.
export class Proof {
  #failed = 0;
  #passed = 0;

  async prove(name, step) {
    try {
      await step();
      this.#passed++;
      console.log(`pass ${name}`);
    } catch (error) {
      this.#failed++;
      console.log(`FAIL ${name}\n     ${String(error?.stack ?? error).replaceAll("\n", "\n     ")}`);
    }
  }

  end() {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0 ? 0 : 1;
  }
}

// Looks again and again until it holds; the deadline is far above what any step needs.
export async function eventually(what, holds, withinMs = 20_000) {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) {
      throw new Error(`${what} did not happen within ${withinMs} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
