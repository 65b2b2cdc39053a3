/** One line that is written over again and again, for whoever watches. */
export interface Progress {
  readonly show: (text: string) => void;
  readonly clear: () => void;
}

/** On a terminal; nothing at all where the stream is piped. */
export function progressOn(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>,
): Progress {
  const overwrite = (text: string): void => {
    // The start of the line, its text, and nothing of a longer one before.
    if (stream.isTTY) stream.write(`\r${text}\u001b[K`);
  };
  return {
    show: (text) => {
      overwrite(text.slice(0, stream.columns - 1));
    },
    clear: () => {
      overwrite('');
    },
  };
}
