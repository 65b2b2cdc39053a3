import { Command, InvalidArgumentError, Option } from 'commander';

interface CertsOptions {
  readonly dns: readonly string[];
  readonly out: string;
  readonly days: number;
}

export function certsCommand(): Command {
  return new Command('certs')
    .description('Make a CA and a serving certificate: ca.crt, tls.crt and tls.key (mode 0600).')
    .requiredOption('--dns <name...>', 'DNS names or IP addresses of the server')
    .option('--out <folder>', 'where the files go', 'certs')
    .addOption(
      new Option('--days <number>', 'how long they are valid').default(365).argParser(parseDays),
    )
    .addHelpText(
      'after',
      `
Examples:
  hushgate certs --dns localhost 127.0.0.1
  hushgate certs --dns hushgate.hushgate.svc --days 90 --out /tmp/certs

The CA's key is thrown away: to renew, run it again and register the new ca.crt.`,
    )
    .action(async ({ dns, out, days }: CertsOptions) => {
      const { writeCertificates } = await import('../certs/files.ts');
      const { issueCertificates } = await import('../certs/issue.ts');
      const files = await writeCertificates(out, await issueCertificates(dns, days, new Date()));
      process.stdout.write(`${Object.values(files).join('\n')}\n`);
    });
}

function parseDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 3650) {
    throw new InvalidArgumentError('It is a whole number from 1 to 3650.');
  }
  return days;
}
