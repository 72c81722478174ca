// Who may run when: a run waits for earlier runs that change what it reads, or read what it changes. First come, first served.

interface Waiting {
  /** When the last run that changes it has ended. */
  changed?: Promise<void>;
  /** When the runs since then that read it have ended. */
  read: Promise<void>[];
}

export class RunQueue {
  private readonly waiting = new Map<object, Waiting>();

  /**
   * What `work` gives, begun when nobody is before it; or the signal's reason, at once, where that comes before its turn.
   */
  async inTurn<T>(
    reads: readonly object[],
    writes: readonly object[],
    work: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const turn = this.enter(reads, writes);
    const leave = turn instanceof Promise ? await orAborted(turn, signal) : turn;
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /**
   * What must be called when the run has ended: at once where nobody is before it, so that a run begins where it was asked for,
   * else when its turn comes.
   */
  private enter(reads: readonly object[], writes: readonly object[]): (() => void) | Promise<() => void> {
    let leave: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const before: (Promise<void> | undefined)[] = [];
    for (const each of reads) {
      const known = this.known(each);
      before.push(known.changed);
      known.read.push(ended);
    }
    for (const each of writes) {
      const known = this.known(each);
      before.push(known.changed, ...known.read.filter((other) => other !== ended));
      this.waiting.set(each, { changed: ended, read: [] });
    }
    const end = () => {
      for (const each of [...reads, ...writes]) this.forget(each, ended);
      leave();
    };
    const others = before.filter((each) => each !== undefined);
    return others.length === 0 ? end : Promise.all(others).then(() => end);
  }

  private known(each: object): Waiting {
    const known = this.waiting.get(each) ?? { read: [] };
    this.waiting.set(each, known);
    return known;
  }

  private forget(each: object, ended: Promise<void>): void {
    const known = this.waiting.get(each);
    if (known === undefined) return;
    known.read = known.read.filter((other) => other !== ended);
    if (known.changed === ended) known.changed = undefined;
    if (known.changed === undefined && known.read.length === 0) this.waiting.delete(each);
  }
}

/** The turn, or the signal's reason at once; a turn that nobody wants any more is given on when it comes. */
function orAborted(turn: Promise<() => void>, signal: AbortSignal | undefined): Promise<() => void> {
  if (signal === undefined) return turn;
  return new Promise((resolve, reject) => {
    const abort = () => {
      void turn.then((leave) => leave());
      reject(signal.reason);
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    void turn.then((leave) => {
      if (signal.aborted) return;
      signal.removeEventListener('abort', abort);
      resolve(leave);
    });
  });
}
