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
   * What must be called when the run has ended: at once where nobody is before it, so that a run begins where it was asked for,
   * else when its turn comes.
   */
  enter(reads: readonly object[], writes: readonly object[]): (() => void) | Promise<() => void> {
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
