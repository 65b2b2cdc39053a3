import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { ClusterError } from '../cluster/errors.ts';
import { GivenFileError } from '../config/given-file.ts';
import { ConfigurationError } from '../config/load.ts';
import { BaselineError } from '../scan/baseline.ts';
import { CertificateError } from '../server/certificate.ts';
import { errorFields } from '../server/log-fields.ts';
import { certsCommand } from './certs.ts';
import { completionCommand } from './completion.ts';
import { EXIT } from './exit.ts';
import { policiesCommand } from './policies.ts';
import { scanCommand } from './scan.ts';
import { endFixes } from './scan-fix.ts';
import { serveCommand } from './serve.ts';
import { webhookCommand } from './webhook.ts';

/** The whole command line, not yet run. */
export function buildProgram(): Command {
  const program = new Command('hushgate')
    .description('Keeps Kubernetes Secrets secret: an admission webhook and its tools.')
    .version(version(), '-V, --version')
    .showHelpAfterError('(add --help for usage)')
    .exitOverride();
  for (const command of [
    serveCommand(),
    scanCommand(version()),
    certsCommand(),
    webhookCommand(),
    policiesCommand(),
  ]) {
    program.addCommand(command.exitOverride());
  }
  return program.addCommand(completionCommand(program).exitOverride());
}

/** Runs the command line and sets the exit code: 0 fine, 1 findings, 2 usage or input, 3 internal. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', endOfOutput);
  try {
    await buildProgram().parseAsync(endFixes(argv));
  } catch (error) {
    process.exitCode = exitCodeFor(error);
  }
}

/** A reader that has seen enough (`| head`) is no mistake; a full disk is. */
function endOfOutput(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') {
    process.stderr.write(`hushgate: the output was not written whole: ${String(error.code)}\n`);
    process.exitCode = EXIT.usage;
  }
  process.exit();
}

function exitCodeFor(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const told = tell(error);
  process.stderr.write(`hushgate: ${told ?? 'internal error, please report it'}\n`);
  if (told !== undefined) return EXIT.usage;
  process.stderr.write(`${JSON.stringify(errorFields(error))}\n`);
  return EXIT.internal;
}

/** What the user can do something about; any other error's text may hold what must not be shown. */
function tell(error: unknown): string | undefined {
  if (
    error instanceof ConfigurationError ||
    error instanceof GivenFileError ||
    error instanceof CertificateError ||
    error instanceof ClusterError
  ) {
    return error.message;
  }
  if (error instanceof BaselineError) return error.message;
  const isSystem = error instanceof Error && 'syscall' in error && 'code' in error;
  return isSystem ? error.message : undefined;
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version: found } = JSON.parse(text) as { version: string };
  return found;
}
