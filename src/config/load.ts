import { Ajv, type ErrorObject } from 'ajv';
import type { Settings } from '../engine/settings.ts';
import { isJsonObject } from '../engine/field.ts';
import type { Position } from '../yaml/positions.ts';
import { readYaml12, YamlError, type YamlText } from '../yaml/manifest.ts';
import { compileSettings, type Mistake } from './compile.ts';
import { Configuration } from './schema.ts';

/** A configuration that cannot be used; `message` has one line a mistake: `file:line:column: what`. */
export class ConfigurationError extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.name = 'ConfigurationError';
    this.mistakes = mistakes;
  }
}

const validate = new Ajv({ allErrors: true, strict: true }).compile<Configuration>(Configuration);

/**
 * The settings in a configuration file's text. Throws a ConfigurationError that lists every mistake
 * with its line and column.
 */
export function loadConfiguration(text: string, file: string): Settings {
  const yaml = parse(text, file);
  const [document] = yaml.documents;
  if (yaml.documents.length !== 1) {
    throw new ConfigurationError([`${file}: has ${yaml.documents.length} documents, not one`]);
  }
  const place = (path: Mistake['path']): string => where(file, yaml.positions.at(0, path));
  if (!validate(document)) {
    const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
    throw new ConfigurationError(
      errors.map((error) => {
        const path = pathOf(document, error);
        return `${place(path)}: ${path.length === 0 ? '' : `${path.join('.')} `}${explain(error)}`;
      }),
    );
  }
  const { settings, mistakes } = compileSettings(document);
  if (mistakes.length > 0) {
    throw new ConfigurationError(
      mistakes.map(({ path, message }) => `${place(path)}: ${path.join('.')} ${message}`),
    );
  }
  return settings;
}

/** The settings without any configuration file. */
export function defaultSettings(): Settings {
  return compileSettings({}).settings;
}

function parse(text: string, file: string): YamlText {
  try {
    return readYaml12(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new ConfigurationError([`${where(file, error.position)}: is no YAML: ${error.message}`]);
  }
}

function where(file: string, { line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

/** The keys and indices that lead to a mistake; an unknown key is itself the place. */
function pathOf(document: unknown, { instancePath, params }: ErrorObject): (string | number)[] {
  const path: (string | number)[] = [];
  let value = document;
  for (const escaped of instancePath.split('/').slice(1)) {
    const key = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(key) : key);
    value = childOf(value, key);
  }
  const extra: unknown = params['additionalProperty'];
  return typeof extra === 'string' ? [...path, extra] : path;
}

function childOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isJsonObject(value) ? value[key] : undefined;
}

function explain({ keyword, message = 'is not valid', params }: ErrorObject): string {
  if (keyword === 'additionalProperties') return 'is not known here';
  const one: unknown = params['allowedValue'];
  if (typeof one === 'string') return `must be ${one}`;
  const several: unknown = params['allowedValues'];
  return Array.isArray(several) ? `must be one of ${several.join(', ')}` : message;
}
