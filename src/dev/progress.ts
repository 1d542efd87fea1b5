// Progress on stderr: a bar on a terminal, one line per quarter elsewhere.

export interface Progress {
  /** `done` of `total`, in the unit the caller likes. */
  update(done: number, total: number): void;
  end(): void;
}

/** Shows how far `what` is. Nothing is printed before the first update. */
export function progress(what: string): Progress {
  const terminal = process.stderr.isTTY;
  let lastQuarter = -1;
  let lastPercent = -1;
  return {
    update(done, total) {
      const share = total <= 0 ? 0 : Math.min(1, done / total);
      if (!terminal) {
        const quarter = Math.floor(share * 4);
        if (quarter !== lastQuarter) console.error(`${what}: ${quarter * 25} %`);
        lastQuarter = quarter;
        return;
      }
      const percent = Math.floor(share * 100);
      if (percent === lastPercent) return;
      lastPercent = percent;
      const width = 30;
      const filled = Math.round(share * width);
      process.stderr.write(`\r${what} [${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${percent} %`);
    },
    end() {
      if (terminal && lastPercent >= 0) process.stderr.write('\n');
    },
  };
}
