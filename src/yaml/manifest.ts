import { constructFromEvents, CORE_SCHEMA, parseEvents, YAMLException } from 'js-yaml';
import { construct } from './construct.ts';
import { splitDocuments, type Part } from './documents.ts';
import { nodesOf, parseYaml, reasonOf } from './events.ts';
import { looksLikeJson, readJson, skipSpace } from './json.ts';
import { SyntaxProblem, type Node } from './node.ts';
import { Places, type Position } from './positions.ts';

/** A text that is no YAML; `message` tells the rule that was broken, never the text itself. */
export class YamlError extends Error {
  readonly position: Position;

  constructor(reason: string, position: Position) {
    super(reason);
    this.name = 'YamlError';
    this.position = position;
  }
}

/** The text of a document, as it is written. */
export interface Written {
  /** The nodes and the text that their offsets count in: lines end in \n alone. */
  readonly root: Node;
  readonly text: string;
  /** The place of such an offset in the file. */
  place(offset: number): Position;
}

/** One document of a manifest, as kubectl reads it. */
export interface ManifestDocument {
  /** Which one it is of its file, from 1; those that cannot be read count too. */
  readonly number: number;
  /** Undefined where the document is empty. */
  readonly written: Written | undefined;
  /** Null where the document is empty or only a comment. */
  readonly value: unknown;
  /** Keys that stand a second time in their map; it is the last that counts. */
  readonly repeated: readonly Position[];
  /** Where the field at the end of keys and indices stands, or what of it is there. */
  place(keys: readonly (string | number)[]): Position;
}

/** A document that could not be read. */
export interface Unreadable {
  readonly message: string;
  readonly position: Position;
  /** The text of the document: for looking into, never for showing. */
  readonly text: string;
}

export interface Manifest {
  readonly documents: readonly ManifestDocument[];
  readonly unreadable: readonly Unreadable[];
}

/**
 * Every document of a manifest, YAML or JSON, as kubectl and the API server read it: YAML 1.1, the last
 * of duplicate keys, files split at lines of `---`. A broken document does not hide the others. Never throws.
 */
export function readManifest(source: string): Manifest {
  const documents: ManifestDocument[] = [];
  const unreadable: Unreadable[] = [];
  let rest: Rest = { text: source, line: 0, column: 0 };
  if (looksLikeJson(source)) {
    const json = readJsonStream(source);
    documents.push(...json.documents);
    if (json.unreadable !== undefined) return { documents, unreadable: [json.unreadable] };
    rest = json.rest;
  }
  const before = documents.length;
  for (const [index, part] of splitDocuments(rest.text, rest.line).entries()) {
    const column = part.line === rest.line ? rest.column : 0;
    const placed = { ...part, column, number: before + index + 1 };
    try {
      readPart(placed, documents);
    } catch (error) {
      unreadable.push(unreadableIn(placed, error));
    }
  }
  return { documents, unreadable };
}

/** The values of a text's documents, for those who take no broken ones. Throws a YamlError. */
export function readYaml(source: string): { readonly documents: readonly unknown[] } {
  const { documents, unreadable } = readManifest(source);
  const [problem] = unreadable;
  if (problem !== undefined) throw new YamlError(problem.message, problem.position);
  return { documents: documents.map(({ value }) => value) };
}

export interface YamlText {
  readonly documents: readonly unknown[];
  readonly positions: {
    at(document: number, path: readonly (string | number)[]): Position;
  };
}

/** Every document of a YAML 1.2 text, where `off` is a word. Throws a YamlError with the place of the mistake. */
export function readYaml12(source: string): YamlText {
  const places = new Places({ text: source, before: 0 });
  try {
    const events = parseEvents(source, {});
    const documents = constructFromEvents(events, { source, schema: CORE_SCHEMA });
    const nodes = nodesOf(source, events);
    return {
      documents,
      positions: {
        at: (document, path) => {
          const root = nodes[document];
          return root === undefined ? places.ofOffset(0) : places.ofPath(root, path);
        },
      },
    };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new YamlError(reasonOf(error), places.ofOffset(error.mark?.position ?? 0));
  }
}

/** Kubernetes reads the first YAML document of a part alone, and says nothing of a second. */
function readPart(
  { text, line, column, problem, number }: Part & Rest & Pick<ManifestDocument, 'number'>,
  documents: ManifestDocument[],
): void {
  if (problem !== undefined) throw new SyntaxProblem(problem, 0);
  const parsed = parseYaml(text);
  const places = new Places({ ...parsed, before: line, left: column });
  const [root, second] = parsed.documents;
  documents.push({
    ...(root === undefined ? emptyAt(places) : documentOf(root, parsed.text, places)),
    number,
  });
  if (second !== undefined) {
    throw new SyntaxProblem('a second document follows without a line of ---', second.start);
  }
}

type Unnumbered = Omit<ManifestDocument, 'number'>;

function documentOf(root: Node, text: string, places: Places): Unnumbered {
  const { value, repeated } = construct(root);
  return {
    written: { root, text, place: (offset) => places.ofOffset(offset) },
    value,
    repeated: repeated.map((offset) => places.ofOffset(offset)),
    place: (keys) => places.ofPath(root, keys),
  };
}

function emptyAt(places: Places): Unnumbered {
  const place = (): Position => places.ofOffset(0);
  return { written: undefined, value: null, repeated: [], place };
}

function unreadableIn({ text, line, column }: Rest, error: unknown): Unreadable {
  const places = new Places({ text, before: line, left: column });
  const isKnown = error instanceof SyntaxProblem;
  return {
    message: isKnown ? error.message : 'it cannot be read',
    position: places.ofOffset(isKnown ? error.offset : 0),
    text,
  };
}

interface JsonStream {
  readonly documents: readonly ManifestDocument[];
  readonly unreadable?: Unreadable;
  /** What is to be read as YAML. */
  readonly rest: Rest;
}

/** A text from somewhere in a file on. */
interface Rest extends Pick<Part, 'text' | 'line'> {
  /** Columns before it on its first line. */
  readonly column: number;
}

/** JSON objects one after the other. After none or one of them, kubectl reads on as YAML. */
function readJsonStream(source: string): JsonStream {
  const documents: ManifestDocument[] = [];
  const places = new Places({ text: source, before: 0 });
  let at = 0;
  for (;;) {
    const start = skipSpace(source, at);
    if (start >= source.length) return { documents, rest: NO_REST };
    try {
      const { node, end } = readJson(source, start);
      documents.push({ ...documentOf(node, source, places), number: documents.length + 1 });
      at = end;
    } catch (error) {
      if (documents.length <= 1) return { documents, rest: restFrom(source, at, places) };
      const unreadable = unreadableIn({ text: source, line: 0, column: 0 }, error);
      return { documents, unreadable, rest: NO_REST };
    }
  }
}

const NO_REST: Rest = { text: '', line: 0, column: 0 };

/** From the end of the line on, where nothing stands on it; else from the very place. */
function restFrom(source: string, at: number, places: Places): Rest {
  const space = /\s*?\n|\s*/y;
  space.lastIndex = at;
  const from = at + (space.exec(source)?.[0].length ?? 0);
  const { line, column } = places.ofOffset(from);
  return { text: source.slice(from), line: line - 1, column: column - 1 };
}
