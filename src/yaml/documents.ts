/** A part of a file that Kubernetes reads as one document. */
export interface Part {
  /** With \n alone at the end of each line, so that offsets count in it and not in the file. */
  readonly text: string;
  /** Lines of the file before it. */
  readonly line: number;
  /** Set where the line that ends the part before is no separator and no content either. */
  readonly problem?: string;
}

/**
 * Splits a file as kubectl does: line by line, before any YAML is read. A line that starts with `---`
 * separates even within a block of text, and what follows it on the line may only be a comment.
 * @see https://github.com/kubernetes/apimachinery/blob/v0.34.4/pkg/util/yaml/decoder.go
 */
export function splitDocuments(source: string, firstLine = 0): Part[] {
  const parts: Part[] = [];
  let lines: string[] = [];
  let start = firstLine;
  const close = (next: number): void => {
    if (lines.length > 0) parts.push({ text: `${lines.join('\n')}\n`, line: start });
    lines = [];
    start = next;
  };
  for (const [index, line] of linesOf(source).entries()) {
    const number = firstLine + index;
    if (!line.startsWith('---')) {
      lines.push(line);
      continue;
    }
    const rest = line.slice(3).trim();
    if (rest !== '' && !rest.startsWith('#')) {
      close(number);
      parts.push({ text: '', line: number, problem: 'text follows the --- of a separator' });
      start = number + 1;
    } else if (lines.length > 0) close(number + 1);
    else lines.push(line);
  }
  close(0);
  return parts;
}

function linesOf(source: string): string[] {
  const lines = source.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
