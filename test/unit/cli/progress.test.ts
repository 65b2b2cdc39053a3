import { describe, expect, it } from '@jest/globals';
import { progressOn } from '../../../src/cli/progress.ts';

function written(isTTY: boolean): string {
  let text = '';
  const write = (part: string | Uint8Array): boolean => {
    text += String(part);
    return true;
  };
  const progress = progressOn({ isTTY, columns: 12, write });
  progress.show('pods: 250 judged');
  progress.clear();
  return text;
}

describe('progress', () => {
  it('stays on one line of a terminal, and goes', () => {
    expect(written(true)).toBe('\rpods: 250 j\u001b[K\r\u001b[K');
  });

  it('is nothing where the stream is piped', () => {
    expect(written(false)).toBe('');
  });
});
