/** Work for which no step may be under way: predictions and saves that are asked for while a run goes on. */

export class Boundaries {
  private isBusy = false;
  private readonly asked: (() => void)[] = [];

  /** Done at once where nothing is under way, else before the next batch. */
  ask<T>(work: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      };
      if (this.isBusy) this.asked.push(done);
      else done();
    });
  }

  /** Waits for a step that computes in threads of its own; what is asked for meanwhile is done afterwards. */
  async during(step: void | Promise<void>): Promise<void> {
    this.isBusy = true;
    try {
      await step;
    } finally {
      this.isBusy = false;
      for (const done of this.asked.splice(0)) done();
    }
  }
}
